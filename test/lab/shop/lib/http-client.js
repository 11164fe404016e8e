import http from "node:http";
import { pickEndpoint } from "./discovery.js";
import { RefusedError, UpstreamError } from "./errors.js";
import { createLogger } from "./logger.js";
import { counter } from "./metrics.js";

const log = createLogger("http.client");
const calls = counter("http_client_requests_total");
const retried = counter("http_client_retries_total");
const agent = new http.Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 16 });

const caller = process.env.SERVICE_NAME ?? "unknown";

/** Calls one upstream service. A failed call is tried again, after a short pause, on the next pod. */
export function createClient(upstream, { timeoutMs, retries = 1, authorization }) {
  const call = async (method, path, body, trace) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await once(upstream, { method, path, body, trace, timeoutMs, authorization });
        calls.add(`upstream="${upstream}",code="${answer.status}"`);
        const failure = `answered ${answer.status} (${answer.body?.error ?? "no reason given"})`;
        if (answer.status === 401 || answer.status === 403) throw new RefusedError(failure);
        if (answer.status < 500) return answer.body;
        throw new Error(failure);
      } catch (error) {
        if (attempt > retries || error instanceof RefusedError) {
          calls.add(`upstream="${upstream}",code="error"`);
          throw new UpstreamError(upstream, error.message, { cause: error });
        }
        retried.add(`upstream="${upstream}"`);
        log.warn(
          `${method} ${template(path)} on ${upstream} failed, attempt ${attempt + 1} follows: ${error.message}`,
          trace,
        );
        await pause(20 + Math.random() * 60);
      }
    }
  };
  return {
    get: (path, trace) => call("GET", path, undefined, trace),
    post: (path, body, trace) => call("POST", path, body, trace),
  };
}

function once(upstream, { method, path, body, trace, timeoutMs, authorization }) {
  return new Promise((resolve, reject) => {
    const endpoint = pickEndpoint(upstream);
    if (endpoint === undefined) {
      reject(new Error("no ready endpoint"));
      return;
    }
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const request = http.request(
      {
        host: endpoint.host,
        port: endpoint.port,
        method,
        path,
        agent,
        headers: {
          "x-trace-id": trace ?? "",
          "user-agent": caller,
          ...(authorization === undefined ? {} : { authorization }),
          ...(payload === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
        },
      },
      (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode, body: parse(Buffer.concat(chunks).toString("utf8")) });
        });
      },
    );
    const timer = setTimeout(() => request.destroy(new Error(`timed out after ${timeoutMs} ms`)), timeoutMs);
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(payload);
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Paths in logs without their ids, so that lines of one kind look alike. */
function template(path) {
  return path.replace(/\?.*$/, "").replace(/\/[a-z]+(?:-[a-z]+)*-\d[\w-]*/g, "/:id");
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
