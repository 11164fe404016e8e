import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "../../errors.ts";
import { type Secret, sameText } from "../../secret.ts";
import type { ServerDefinition } from "../define-server.ts";
import { startupCheck } from "../doctor/startup-check.ts";
import { checkToken } from "./http-token.ts";
import { InFlight, mcpServer, type ServeOptions } from "./mcp.ts";
import { forUnknownCallers } from "./scopes.ts";

/** Largest request body in bytes: open_pr with its evidence is the largest call there is. */
const MAX_BODY_BYTES = 1_048_576;
const GRACE_MS = 5_000;
/** How long a refused client may go on sending, in milliseconds. */
const LINGER_MS = 2_000;
/** How long a request may take to arrive, in milliseconds: its head, and all of it. A half-sent one would stay open for ever. */
const MAX_HEAD_MS = 10_000;
const MAX_REQUEST_MS = 30_000;
const CHECK_EVERY_MS = 1_000;
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

export interface HttpOptions extends ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: Secret | undefined;
  /** Longest time a request may take to arrive, in milliseconds; 30,000 unless given. */
  readonly requestMs?: number;
}

export interface HttpServing {
  readonly url: string;
  /** Stops accepting, lets calls in flight finish or cancels them, and lets go of the backends. */
  close(): Promise<void>;
}

/** A refusal before any MCP handling, answered as a JSON-RPC error body and never as an HTML page. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Who may call: with a token set, whoever sends it. A browser page is told by its Origin and refused unless it is local,
 * and Host must be a loopback name when we listen on loopback, against DNS rebinding (MCP specification, transports).
 */
function authorize(request: IncomingMessage, options: HttpOptions): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && !isLoopbackOrigin(origin))
    throw new Refusal(403, `origin ${origin.slice(0, 100)} is not allowed`);
  if (LOOPBACK.test(options.host) && host !== undefined && !LOOPBACK.test(host.replace(/:\d+$/, ""))) {
    throw new Refusal(403, "the Host header must be a loopback name");
  }
  if (options.token) {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (!sameText(given, options.token.reveal())) {
      throw new Refusal(401, "send the server's token as Authorization: Bearer TOKEN");
    }
  }
}

function isLoopbackOrigin(origin: string): boolean {
  try {
    return LOOPBACK.test(new URL(origin).hostname);
  } catch {
    return false;
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not by async iteration: leaving that early would destroy the connection, and with it the refusal.
  await new Promise<void>((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(new Refusal(413, `the body is larger than ${MAX_BODY_BYTES} bytes`));
    });
    request.once("end", resolve);
    request.once("close", () => reject(new Refusal(400, "the body ended early")));
  });
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const body = JSON.stringify({ jsonrpc: "2.0", error: { code: -32000, message }, id: null });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
    ...(status === 405 ? { allow: "POST" } : {}),
  });
  response.write(body);
  if (request.readableEnded || request.destroyed) {
    response.end();
    return;
  }
  // Closing on a client that still sends would reset the connection before it has read why: what it sends is thrown
  // away for a while first (RFC 9112, section 9.6).
  const end = () => {
    clearTimeout(late);
    response.end();
  };
  const late = setTimeout(end, LINGER_MS);
  request.once("end", end);
  request.once("close", end);
  request.resume();
}

/**
 * Serves stateless Streamable HTTP at `/mcp`: each request stands alone, so a restart or a second replica loses no
 * session. Without a token it refuses to listen beyond loopback, and offers nothing that writes: whoever is on this machine may call.
 */
export async function serveHttp(given: ServerDefinition, options: HttpOptions): Promise<HttpServing> {
  if (!LOOPBACK.test(options.host) && !options.token) {
    throw new ConfigError(`--http ${options.host}: listening beyond loopback needs ONCALL_HTTP_TOKEN`);
  }
  if (options.token) checkToken("ONCALL_HTTP_TOKEN", options.token);
  const definition = options.token ? given : forUnknownCallers(given);
  const { StreamableHTTPServerTransport } = await import("@modelcontextprotocol/sdk/server/streamableHttp.js");
  const inFlight = new InFlight();
  const stop = new AbortController();
  const startup = startupCheck(definition);
  const serving = { ...options, notices: startup };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    authorize(request, options);
    const path = (request.url ?? "/").split("?")[0];
    if (path !== "/mcp") throw new Refusal(404, "the MCP endpoint is /mcp");
    if (request.method !== "POST") throw new Refusal(405, "this server is stateless: POST only");
    const body = await readBody(request);
    const gone = new AbortController();
    const server = mcpServer(definition, serving, inFlight, AbortSignal.any([stop.signal, gone.signal]));
    // Stateless is said by leaving the session id generator out.
    const transport = new StreamableHTTPServerTransport({});
    response.once("close", () => {
      gone.abort();
      void server.close();
    });
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    await transport.handleRequest(request, response, body);
  };

  const requestTimeout = options.requestMs ?? MAX_REQUEST_MS;
  const arriving = {
    requestTimeout,
    headersTimeout: Math.min(MAX_HEAD_MS, requestTimeout),
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, requestTimeout),
  };
  const http: HttpServer = createServer(arriving, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) return refuse(request, response, error.status, error.message);
      options.log.error(
        { "error.message": error instanceof Error ? error.message : String(error) },
        "HTTP request failed",
      );
      refuse(request, response, 500, "the server failed; its log says why");
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", (error) => reject(new ConfigError(`--http ${options.host}:${options.port}: ${error.message}`)));
    http.listen(options.port, options.host.replace(/^\[|\]$/g, ""), resolve);
  });
  const { port } = http.address() as AddressInfo;
  const close = async () => {
    startup.stop();
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    http.closeIdleConnections();
    if (!(await inFlight.settle(GRACE_MS))) stop.abort();
    await inFlight.settle(1_000);
    setTimeout(() => http.closeAllConnections(), 200).unref();
    await closed;
    await definition.close?.();
  };
  return { url: `http://${options.host}:${port}/mcp`, close };
}
