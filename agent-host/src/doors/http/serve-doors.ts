import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AlertError, ConfigError, type Logger } from "@oncall-copilot/core";
import { StoreUnavailable } from "../../cases/case-store.ts";
import type { InteractionResponse } from "../../deliver/slack/interactions.ts";
import { type IntakePorts, takeIn } from "../../intake/take-in.ts";
import { type Door, Unauthorized } from "../door.ts";
import type { HeadlessMetrics } from "../metrics.ts";
import { readBody } from "./read-body.ts";
import { Refusal } from "./refusal.ts";

/** How long a request's head and body may take, and how long an idle connection is kept, in milliseconds. */
const REQUEST_MS = 15_000;
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
/** Deliveries in hand at once: whoever comes then is asked to come again. */
const MAX_IN_FLIGHT = 256;
/** How long a refused client may go on sending, and those in hand may take at the end, in milliseconds. */
const LINGER_MS = 2_000;
const GRACE_MS = 10_000;
const INTERACTIONS = "/slack/interactions";
/** What the sender should wait before it delivers again, in seconds. */
const RETRY_AFTER = { "retry-after": "5" } as const;

export interface ServeDoorsOptions {
  readonly host: string;
  readonly port: number;
  readonly doors: readonly Door[];
  /** Paths of doors without a credential, with the variables that would open them. */
  readonly closed: Readonly<Record<string, string>>;
  readonly intake: IntakePorts;
  /** Takes clicks at `/slack/interactions`; undefined where there is no signing secret. */
  readonly interactions?: (rawBody: string, headers: IncomingHttpHeaders) => Promise<InteractionResponse>;
  readonly metrics: HeadlessMetrics;
  /** Throws, with why, while alerts could not be taken. */
  ready(): Promise<void>;
  readonly log: Logger;
}

export interface ServingDoors {
  readonly url: string;
  /** Lets no new delivery in, and ends when those in hand are durable. */
  close(): Promise<void>;
}

/** Serves the doors, `/healthz`, `/readyz` and `/metrics`. */
export async function serveDoors(options: ServeDoorsOptions): Promise<ServingDoors> {
  const inHand = new Set<Promise<void>>();
  let closing = false;
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    if (request.method === "GET" || request.method === "HEAD") return look(path, response, options, () => closing);
    if (path === INTERACTIONS && options.interactions && request.method === "POST") {
      const told = await options.interactions((await readBody(request)).toString("utf8"), request.headers);
      response.writeHead(told.status, told.headers).end(told.body);
      return;
    }
    const door = options.doors.find((one) => one.path === path);
    const opens = options.closed[path];
    if (!door) {
      const why = opens
        ? `this door is closed; ${opens} would open it`
        : `the doors are ${options.doors.map((one) => one.path).join(", ")}`;
      throw new Refusal(404, why);
    }
    // Grafana may be told to PUT.
    if (request.method !== "POST" && request.method !== "PUT")
      throw new Refusal(405, "deliver by POST", { allow: "POST" });
    if (closing || inHand.size > MAX_IN_FLIGHT)
      throw new Refusal(503, closing ? "shutting down; deliver again" : "busy; deliver again", RETRY_AFTER);
    const began = performance.now();
    await deliver(door, request, response, options);
    options.metrics.acknowledged(door.name, (performance.now() - began) / 1000);
  };
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => {
      const responding: Promise<void> = respond(request, response)
        .catch((error: unknown) => refuse(request, response, refusalOf(error, options)))
        .finally(() => inHand.delete(responding));
      inHand.add(responding);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new ConfigError(`ONCALL_LISTEN ${options.host}:${options.port}: ${error.message}`)),
    );
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close: async () => {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await Promise.all(inHand);
      server.closeIdleConnections();
      await closed;
      clearTimeout(late);
    },
  };
}

async function deliver(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeDoorsOptions,
): Promise<void> {
  const { metrics, intake } = options;
  const body = await readBody(request);
  const receivedAt = Date.now();
  try {
    const admitted = await door.admit({ headers: request.headers, body, receivedAt });
    if (admitted.kind === "done") {
      metrics.delivered(door.name, "ignored");
      return answer(response, 200, { ignored: [admitted.what] });
    }
    const { alerts, ignored } = await takeIn(admitted.payload, intake, receivedAt);
    for (const { claimed } of alerts) metrics.alert(door.name, claimed.outcome);
    metrics.delivered(door.name, alerts.length > 0 ? "taken" : "ignored");
    return answer(response, 202, { alerts: alerts.length, ignored });
  } catch (error) {
    metrics.delivered(door.name, outcomeOf(error));
    throw error;
  }
}

const outcomeOf = (error: unknown) =>
  error instanceof Unauthorized ? "unauthorized" : error instanceof AlertError ? "refused" : "failed";

/** What is not our sender's fault is a 5xx, which every sender delivers again: "busy" is never a 429, which Alertmanager drops. */
function refusalOf(error: unknown, { log }: ServeDoorsOptions): Refusal {
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Unauthorized) return new Refusal(401, message, { "www-authenticate": "Bearer" });
  if (error instanceof AlertError) return new Refusal(400, message);
  log.error({ "error.message": message }, "an alert could not be taken in; its sender will deliver it again");
  if (error instanceof StoreUnavailable)
    return new Refusal(503, "alerts cannot be kept now; deliver again", RETRY_AFTER);
  return new Refusal(503, "the alert could not be taken in; deliver again", RETRY_AFTER);
}

async function look(
  path: string,
  response: ServerResponse,
  { ready, metrics }: ServeDoorsOptions,
  closing: () => boolean,
): Promise<void> {
  if (path === "/healthz") return answer(response, 200, { status: "ok" });
  if (path === "/readyz") {
    if (closing()) return answer(response, 503, { status: "shutting down" });
    const why = await ready().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return answer(response, why === null ? 200 : 503, { status: why ?? "ready" });
  }
  if (path !== "/metrics") throw new Refusal(404, "there are /healthz, /readyz and /metrics");
  const { type, text } = await metrics.render();
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function answer(response: ServerResponse, status: number, said: object): void {
  const body = JSON.stringify(said);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, message, headers }: Refusal): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const body = JSON.stringify({ error: message });
  const size = Buffer.byteLength(body);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": size,
    connection: "close",
  });
  if (request.readableEnded || request.destroyed) {
    response.end(body);
    return;
  }
  // Closing on a client that still sends would reset the connection before it has read why (RFC 9112, section 9.6).
  response.write(body);
  const end = () => {
    clearTimeout(late);
    response.end();
  };
  const late = setTimeout(end, LINGER_MS);
  request.once("end", end);
  request.once("close", end);
  request.resume();
}
