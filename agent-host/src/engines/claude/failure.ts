import { redact } from "@oncall-copilot/core";
import { EngineUnavailable } from "../engine.ts";
import type { ClaudeConfig } from "./config.ts";
import { oneLine } from "./untrusted.ts";

/**
 * What is read of an SDK's error. By shape, not by class: the Bedrock SDK brings its own copy of the error classes when
 * it is loaded from outside of the bundle.
 */
interface SdkError {
  /** Undefined when no response came, and for an error within a stream. */
  readonly status?: number | undefined;
  /** The API's own name of the kind of error, e.g. `overloaded_error`. */
  readonly type?: string | null;
  readonly apiMessage?: string | null;
  readonly headers?: unknown;
  /** Own to every error of the SDK, set or not. */
  readonly requestID?: unknown;
  readonly cause?: unknown;
}

const asSdkError = (error: unknown): SdkError => (error !== null && typeof error === "object" ? error : {});

const CURES: Readonly<Record<number, string>> = {
  401: "check the API key",
  403: "the credentials may not use this model",
  404: "check ONCALL_CLAUDE_MODEL",
  429: "rate limited; try again later",
  529: "overloaded; try again later",
};

/** Turns a request's failure into the one error that hands over to another engine. It holds no secret. */
export async function unavailable(error: unknown, config: ClaudeConfig): Promise<EngineUnavailable> {
  const { status, type, apiMessage } = asSdkError(error);
  const where = serviceName(config);
  const passing = isPassing(error);
  const told = { passing, retryAfterMs: retryAfterMs(error) ?? null };
  if (status === undefined && !type) {
    const code = networkCode(error);
    const why = code ?? (error instanceof Error ? await safeText(error.message, config) : "unknown error");
    return new EngineUnavailable(`${where} could not be asked: ${why}`, told);
  }
  const kind = [status, type && oneLine(type, 40)].filter((part) => part !== undefined && part !== null).join(" ");
  const cure = CURES[status ?? 0] ?? (type === "overloaded_error" ? CURES[529] : undefined);
  const said = apiMessage ? `: ${await safeText(apiMessage, config)}` : "";
  return new EngineUnavailable(`${where} answered ${kind}${said}${cure ? ` (${cure})` : ""}`, told);
}

/** Statuses under 500 that another try may not meet. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 409, 429]);

/** What the API calls its own passing troubles when they come within a stream, where there is no status. */
const PASSING_TYPES: ReadonlySet<string> = new Set([
  "overloaded_error",
  "api_error",
  "rate_limit_error",
  "timeout_error",
]);

/** Whether the same request may well be answered in a moment: no connection, a broken stream, a timeout, a limit, a server's fault. */
export function isPassing(error: unknown): boolean {
  const said = asSdkError(error);
  const { status, type } = said;
  if (headerOf(said, "x-should-retry") === "false") return false;
  if (status !== undefined) return PASSING_STATUSES.has(status) || status >= 500;
  if (type) return PASSING_TYPES.has(type);
  return "requestID" in said || networkCode(error) !== undefined;
}

/** How long the service asks to be left alone, in milliseconds: `Retry-After-Ms`, or `Retry-After` as seconds or a date. */
export function retryAfterMs(error: unknown, now: () => number = Date.now): number | undefined {
  const said = asSdkError(error);
  const exact = numberOf(headerOf(said, "retry-after-ms"));
  if (exact !== undefined) return exact;
  const text = headerOf(said, "retry-after");
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(text ?? "");
  return Number.isNaN(date) ? undefined : Math.max(0, date - now());
}

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && text.trim() !== "" && Number(text) >= 0 ? Number(text) : undefined;

function headerOf({ headers }: SdkError, name: string): string | undefined {
  return headers instanceof Headers ? (headers.get(name) ?? undefined) : undefined;
}

/** Whether the API took the request but for its strict schemas: too many, too large, or a word it does not know. */
export function refusesStrictTools(error: unknown): boolean {
  const { status, apiMessage } = asSdkError(error);
  return status === 400 && /\b(?:strict|grammar|schemas?|input_schema)\b/i.test(apiMessage ?? "");
}

function serviceName({ access }: ClaudeConfig): string {
  return access.provider === "bedrock"
    ? `Amazon Bedrock in ${access.region}`
    : `the Messages API at ${hostOf(access.baseUrl)}`;
}

/** Without user and password, which an address may carry. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "its configured address");

/** `ECONNREFUSED` and the like, out of the chain of causes. */
function networkCode(error: unknown): string | undefined {
  for (let cause = asSdkError(error).cause, depth = 0; cause && depth < 5; depth++) {
    const { code, cause: next } = cause as { code?: unknown; cause?: unknown };
    if (typeof code === "string") return oneLine(code, 40);
    cause = next;
  }
  return undefined;
}

/** A gateway may echo what it was sent, so our credentials are taken out by value and others by their looks. */
async function safeText(text: string, { access }: ClaudeConfig): Promise<string> {
  const own = access.credential?.value.reveal();
  const without = own === undefined ? text : text.replaceAll(own, "***");
  return oneLine((await redact(without)).text, 300);
}
