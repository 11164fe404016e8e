/** What a script may answer: the turns of a model, and the ways in which its service fails. */

export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly thinking: string }
  | { readonly type: "tool_use"; readonly name: string; readonly input: unknown };

export interface MessageTurn {
  readonly kind: "message";
  readonly blocks: readonly Block[];
  readonly stop_reason:
    | "end_turn"
    | "tool_use"
    | "max_tokens"
    | "pause_turn"
    | "refusal"
    | "model_context_window_exceeded";
  /** Instead of what is estimated from the texts. */
  readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number };
  /** Before the first byte, in milliseconds. */
  readonly delayMs?: number;
  /** Between two events of the stream, in milliseconds. */
  readonly paceMs?: number;
  /** Where the stream ends too early: the connection is cut, or an error event comes, after this many blocks. */
  readonly breaks?: { readonly after: number; readonly by: "connection" | "overloaded_error" };
}

export interface ErrorTurn {
  readonly kind: "error";
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Takes the request and never answers. */
export interface HangTurn {
  readonly kind: "hang";
}

export type Turn = MessageTurn | ErrorTurn | HangTurn;

/** One tool to ask, as a script writes it. */
export interface Call {
  readonly name: string;
  readonly input: unknown;
}

export function callTools(calls: readonly Call[], options: Partial<MessageTurn> = {}): MessageTurn {
  const uses = calls.map(({ name, input }): Block => ({ type: "tool_use", name, input }));
  const blocks: Block[] = [{ type: "thinking", thinking: "What would tell the two apart?" }, ...uses];
  return { kind: "message", blocks, stop_reason: "tool_use", ...options };
}

/** A final answer: anything but a string goes out as JSON. */
export function answer(report: unknown, options: Partial<MessageTurn> = {}): MessageTurn {
  const text = typeof report === "string" ? report : JSON.stringify(report);
  const blocks: Block[] = [
    { type: "thinking", thinking: "That is enough for the report." },
    { type: "text", text },
  ];
  return { kind: "message", blocks, stop_reason: "end_turn", ...options };
}

const failure = (status: number, type: string, message: string, headers?: Record<string, string>): ErrorTurn => ({
  kind: "error",
  status,
  type,
  message,
  ...(headers ? { headers } : {}),
});

/** `retryAfterMs` keeps a test short: the SDK waits half a second and more between its tries. */
const soon = (retryAfterMs: number) => ({ "retry-after-ms": String(retryAfterMs) });

export const overloaded = (retryAfterMs = 5): ErrorTurn =>
  failure(529, "overloaded_error", "Overloaded", soon(retryAfterMs));
export const serverError = (retryAfterMs = 5): ErrorTurn =>
  failure(500, "api_error", "Internal server error", soon(retryAfterMs));
export const invalid = (message: string): ErrorTurn => failure(400, "invalid_request_error", message);
export const rateLimited = (retryAfterSeconds: number): ErrorTurn =>
  failure(429, "rate_limit_error", "This request would exceed your organization's rate limit.", {
    "retry-after": String(retryAfterSeconds),
  });
export const hang = (): HangTurn => ({ kind: "hang" });
