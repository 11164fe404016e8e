import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import type { SelfSigned } from "./certificate.ts";

/** A request as it came in. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  /** Unpacked, where it came compressed. */
  readonly body: string;
}

export type Handler = (request: Received, response: ServerResponse) => void;

/** A real HTTP server on loopback, told by each test how to behave. */
export interface TestServer {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

const opened = new Set<TestServer>();

/** Closes whatever a test file has left open. For `afterEach`. */
export async function closeServers(): Promise<void> {
  await Promise.all([...opened].map((server) => server.close()));
}

export async function startServer(handler: Handler, tls?: SelfSigned): Promise<TestServer> {
  const received: Received[] = [];
  const scheme = tls ? "https" : "http";
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", `${scheme}://${request.headers.host}`);
    const sent = Buffer.concat(chunks);
    const body = (request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString();
    const one = { method: request.method ?? "", url, headers: request.headers, body };
    received.push(one);
    handler(one, response);
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  const { port, end } = await listen(server);
  const started: TestServer = {
    url: `${scheme}://127.0.0.1:${port}`,
    received,
    close: async () => {
      opened.delete(started);
      await end();
    },
  };
  opened.add(started);
  return started;
}

/** Listens on a free port of loopback. `end` cuts every connection, so that nothing waits for a client. */
export async function listen(server: Server): Promise<{ port: number; end(): Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // a client that leaves is part of the tests
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An address of loopback that nothing listens at. */
export async function refusedAddress(): Promise<string> {
  const server = createServer();
  const { port, end } = await listen(server);
  await end();
  return `http://127.0.0.1:${port}`;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(json));
}
