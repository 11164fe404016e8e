/**
 * A Messages API on loopback whose model is a script. It speaks the real protocol with streaming, refuses what the real
 * one refuses, and keeps every request, so that the real SDK and our engine can be tested end to end without a key.
 */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { PromptCache, prefixSignature } from "./prefix.ts";
import type { ModelRequest } from "./request.ts";
import { encodeEvent, eventsOf } from "./stream.ts";
import type { ErrorTurn, MessageTurn, Turn } from "./turns.ts";
import { InvalidRequest, validateRequest } from "./validate.ts";
import { type RequestView, viewOf } from "./view.ts";

/** Turns in their order, or what to answer to the request at hand. A list that is used up answers 500. */
export type Script = readonly Turn[] | ((request: RequestView) => Turn | Promise<Turn>);

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** The HTTP status it got; 0 while none was sent. */
  status: number;
}

export interface MessagesApi {
  /** For ANTHROPIC_BASE_URL. */
  readonly url: string;
  /** Every request that came in, refused ones too, oldest first. */
  readonly received: readonly Received[];
  /** The bodies that were valid. */
  readonly requests: readonly ModelRequest[];
  /** What was refused as invalid, or wrong in the script itself: empty in a test that means neither. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export interface MessagesApiOptions {
  readonly script: Script;
  /** The key that callers must send, as `x-api-key` or bearer token. Default: any. */
  readonly key?: string;
}

export async function startMessagesApi(options: MessagesApiOptions): Promise<MessagesApi> {
  const api = new ScriptedApi(options);
  const server = createServer((request, response) => void api.handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received: api.received,
    requests: api.requests,
    problems: api.problems,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

class ScriptedApi {
  readonly received: Received[] = [];
  readonly requests: ModelRequest[] = [];
  readonly problems: string[] = [];
  readonly #options: MessagesApiOptions;
  readonly #cache = new PromptCache();
  #turns = 0;
  #toolUses = 0;
  #paused = false;

  constructor(options: MessagesApiOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString("utf8");
    const received: Received = { path: request.url ?? "", headers: request.headers, body: parseJson(text), status: 0 };
    this.received.push(received);
    const turn = await this.#answer(request, received.body);
    if (turn.kind === "hang") return;
    received.status = turn.kind === "error" ? turn.status : 200;
    if (turn.kind === "error") sendError(response, turn, this.received.length);
    else await this.#stream(response, turn).catch(() => response.destroy());
  }

  async #answer(request: IncomingMessage, body: unknown): Promise<Turn> {
    if (request.method !== "POST" || request.url !== "/v1/messages")
      return { kind: "error", status: 404, type: "not_found_error", message: "Not found" };
    const { headers } = request;
    const key = headers["x-api-key"] ?? /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (!key || (this.#options.key !== undefined && key !== this.#options.key))
      return { kind: "error", status: 401, type: "authentication_error", message: "invalid x-api-key" };
    if (!headers["anthropic-version"]) return this.#refused("anthropic-version: header is required");
    try {
      this.requests.push(validateRequest(body, this.#paused));
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error;
      return this.#refused(error.message);
    }
    return this.#scripted();
  }

  #refused(message: string): ErrorTurn {
    this.problems.push(message);
    return { kind: "error", status: 400, type: "invalid_request_error", message };
  }

  async #scripted(): Promise<Turn> {
    const { script } = this.#options;
    const number = ++this.#turns;
    try {
      const body = this.requests.at(-1);
      if (!body) throw new Error("no request");
      const view = viewOf(body, number);
      const turn = typeof script === "function" ? await script(view) : script[number - 1];
      if (!turn) throw new Error(`the script has no turn ${number}`);
      if (turn.kind === "message" && turn.stop_reason === "tool_use" && !view.mayCall)
        throw new Error(`turn ${number} asks for tools although it may not`);
      return turn;
    } catch (error) {
      const message = `script: ${error instanceof Error ? error.message : String(error)}`;
      this.problems.push(message);
      return { kind: "error", status: 500, type: "api_error", message, headers: { "x-should-retry": "false" } };
    }
  }

  async #stream(response: ServerResponse, turn: MessageTurn): Promise<void> {
    const body = this.requests.at(-1);
    if (!body) return;
    this.#paused = turn.stop_reason === "pause_turn";
    if (turn.delayMs) await sleep(turn.delayMs);
    const cached = this.#cache.read(body);
    const input_tokens = turn.usage?.input_tokens ?? cached.input_tokens;
    const events = eventsOf(turn, {
      id: `msg_scripted${this.#turns}`,
      model: body.model,
      usage: { ...cached, input_tokens },
      outputTokens: turn.usage?.output_tokens ?? Math.ceil(JSON.stringify(turn.blocks).length / 4),
      signature: prefixSignature(body, body.messages.length),
      toolUseId: () => `toolu_scripted${++this.#toolUses}`,
    });
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "request-id": `req_scripted${this.received.length}`,
    });
    const { breaks } = turn;
    const whole = breaks ? events.slice(0, breaks.after + 1) : events;
    for (const event of whole.flat()) {
      response.write(encodeEvent(event));
      if (turn.paceMs) await sleep(turn.paceMs);
    }
    if (breaks?.by === "connection") {
      await sleep(20); // what was written goes out first
      response.destroy();
      return;
    }
    if (breaks) response.write(encodeEvent({ type: "error", error: { type: breaks.by, message: "Overloaded" } }));
    response.end();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function sendError(response: ServerResponse, { status, type, message, headers }: ErrorTurn, count: number): void {
  const request_id = `req_scripted${count}`;
  response.writeHead(status, { "content-type": "application/json", "request-id": request_id, ...headers });
  response.end(JSON.stringify({ type: "error", error: { type, message }, request_id }));
}
