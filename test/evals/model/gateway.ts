import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ModelAnswer {
  readonly status: number;
  readonly content_type: string;
  readonly body: string;
}

/** The fence around a stranger's words carries a number that is drawn anew each time. */
const NONCE = /(<\/?untrusted )[\w-]{12}(?=>)/g;

export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Of the body, less what is drawn anew each time. */
  readonly sha256: string;
}

/** A Messages API on loopback that stands between the engine and a model, or in the model's place. */
export interface Gateway {
  /** For ANTHROPIC_BASE_URL. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answers each request by what `answer` gives; requests are answered in the order they come. */
export async function startGateway(answer: (request: ModelRequest) => Promise<ModelAnswer>): Promise<Gateway> {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const sha256 = createHash("sha256").update(body.replace(NONCE, "$1")).digest("hex");
    const asked = { path: request.url ?? "/", headers: request.headers, body, sha256 };
    const told = await answer(asked);
    response.writeHead(told.status, { "content-type": told.content_type }).end(told.body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // 400 is what the SDK does not repeat.
      response.writeHead(400, { "content-type": "application/json" });
      const message = error instanceof Error ? error.message : String(error);
      response.end(JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
