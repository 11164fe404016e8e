import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A place for messages on loopback: each POST makes another one, whoever sends it. */
export interface Receiver {
  readonly url: string;
  readonly messages: Map<string, { readonly case: string; readonly text: string }>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const messages: Receiver["messages"] = new Map();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://receiver");
      if (request.method === "GET") {
        const wanted = searchParams.get("case");
        const found = [...messages].find(([, message]) => message.case === wanted);
        response.writeHead(found ? 200 : 404).end(found?.[0]);
        return;
      }
      const id = request.method === "POST" ? String(messages.size + 1) : (pathname.split("/").at(-1) ?? "");
      messages.set(id, JSON.parse(Buffer.concat(chunks).toString("utf8")) as { case: string; text: string });
      response.writeHead(200).end(id);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    messages,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
