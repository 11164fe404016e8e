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
  if (status === undefined && !type) {
    const code = networkCode(error);
    const why = code ?? (error instanceof Error ? await safeText(error.message, config) : "unknown error");
    return new EngineUnavailable(`${where} could not be asked: ${why}`);
  }
  const kind = [status, type && oneLine(type, 40)].filter((part) => part !== undefined && part !== null).join(" ");
  const cure = CURES[status ?? 0] ?? (type === "overloaded_error" ? CURES[529] : undefined);
  const said = apiMessage ? `: ${await safeText(apiMessage, config)}` : "";
  return new EngineUnavailable(`${where} answered ${kind}${said}${cure ? ` (${cure})` : ""}`);
}

/** Whether a stream that had begun to answer broke in a way that may not happen again. */
export function isBrokenStream(error: unknown): boolean {
  const { status, type } = asSdkError(error);
  return status === undefined && (!type || type === "overloaded_error" || type === "api_error");
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
