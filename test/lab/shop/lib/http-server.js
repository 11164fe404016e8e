import http from "node:http";
import { number, text } from "./config.js";
import { HttpError } from "./errors.js";
import { createLogger } from "./logger.js";
import { counter, gauge, histogram, renderMetrics } from "./metrics.js";

const access = createLogger("http.access");
const log = createLogger("http.server");
const requests = counter("http_requests_total");
const duration = histogram("http_request_duration_seconds");

/**
 * Serves `routes`, a map of "METHOD /path/:param" to handlers, with a bound on what is worked on at once. `admit` throws
 * when a caller may not.
 */
export function serve(routes, { admit = () => {} } = {}) {
  const limit = number("MAX_IN_FLIGHT", 48);
  const maxQueue = number("MAX_QUEUED", 200);
  const sample = number("ACCESS_LOG_SAMPLE", 0.04);
  const table = Object.entries(routes).map(([key, handler]) => compile(key, handler));
  const waiting = [];
  let working = 0;

  gauge("http_requests_in_flight", () => working);
  gauge("http_requests_queued", () => waiting.length);

  const enter = () => {
    if (working < limit) {
      working += 1;
      return undefined;
    }
    if (waiting.length >= maxQueue) throw new HttpError(503, `overloaded: ${waiting.length} requests queued`);
    return new Promise((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) working -= 1;
    else next();
  };

  const server = http.createServer(async (request, response) => {
    if (request.url === "/metrics") {
      response.end(renderMetrics());
      return;
    }
    if (request.url === "/healthz") {
      response.end("ok");
      return;
    }
    const started = performance.now();
    const trace = request.headers["x-trace-id"] || undefined;
    const url = new URL(request.url, "http://localhost");
    const route = table.find((one) => one.method === request.method && one.pattern.test(url.pathname));
    let status = 200;
    let answer;
    let entered = false;
    try {
      if (route === undefined) throw new HttpError(404, "no such route");
      admit(request);
      await enter();
      entered = true;
      answer = await route.handle({
        params: route.pattern.exec(url.pathname)?.groups ?? {},
        query: url.searchParams,
        body: await readBody(request),
        trace,
      });
    } catch (error) {
      status = error instanceof HttpError ? error.status : 500;
      answer = { error: error.message };
      if (status >= 500) log.failure(`${request.method} ${route?.path ?? "unmatched"} failed`, error, trace);
    } finally {
      if (entered) leave();
    }
    const seconds = (performance.now() - started) / 1000;
    requests.add(`route="${route?.path ?? "none"}",code="${status}"`);
    duration.observe(seconds);
    if (sampled(trace, sample)) {
      access.info(`${request.method} ${url.pathname} ${status} ${(seconds * 1000).toFixed(1)} ms`, trace);
    }
    if (response.destroyed) return;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });

  server.keepAliveTimeout = 60_000;
  server.listen(number("PORT", 8080), "127.0.0.1", () => {
    log.info(`${text("SERVICE_NAME")} listening, revision ${text("REVISION", "unknown").slice(0, 12)}`);
  });
  process.on("SIGTERM", () => {
    log.info("SIGTERM received, draining");
    setTimeout(() => process.exit(0), number("DRAIN_MS", 2500));
  });
}

function compile(key, handle) {
  const [method, path] = key.split(" ");
  const source = path.replace(/:(\w+)/g, "(?<$1>[^/]+)");
  return { method, path, handle, pattern: new RegExp(`^${source}$`) };
}

/** By the trace, so that either every service logs a request or none does. */
function sampled(trace, ratio) {
  if (trace === undefined) return false;
  return Number.parseInt(trace.slice(0, 6), 16) / 0x1000000 < ratio;
}

async function readBody(request) {
  if (request.method === "GET") return undefined;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new HttpError(400, "the body is not JSON");
  }
}
