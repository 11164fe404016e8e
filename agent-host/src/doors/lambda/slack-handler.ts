import type { InteractionResponse } from "../../deliver/slack/interactions.ts";
import { openedOnce } from "./opened-once.ts";

/** Of a request to a function URL, or to an HTTP API of API Gateway's (payload format 2.0), what is read. */
interface HttpEvent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext?: { readonly http?: { readonly method?: string } };
}

interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whoever answers clicks; it verifies Slack's signature over the bytes of the body. */
export interface SlackPorts {
  interactions(rawBody: string, headers: Readonly<Record<string, string>>): Promise<InteractionResponse>;
}

export interface SlackHandlerParts {
  /** Opened at the first request, and kept. */
  open(): Promise<SlackPorts>;
  log(message: string, about: Readonly<Record<string, unknown>>): void;
}

/** Slack sends some kilobytes. */
const MAX_BODY_CHARACTERS = 1_000_000;
const text = { "content-type": "text/plain; charset=utf-8" };

/** The Lambda function that takes clicks and modals. Nothing runs after its answer: what is decided is in the store, and the queue wakes whoever does it. */
export function slackHandler({ open, log }: SlackHandlerParts): (event: HttpEvent) => Promise<HttpResult> {
  const ports = openedOnce(open);
  return async ({ headers = {}, body = "", isBase64Encoded = false, requestContext }) => {
    const method = requestContext?.http?.method ?? "";
    if (method !== "POST") return { statusCode: 405, headers: { ...text, allow: "POST" }, body: "POST only" };
    if (body.length > MAX_BODY_CHARACTERS) return { statusCode: 413, headers: text, body: "too large" };
    const raw = isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
    try {
      const { status, headers: told, body: answer } = await (await ports()).interactions(raw, headers);
      return { statusCode: status, headers: told, body: answer };
    } catch (error) {
      log("the function could not be opened", { why: error instanceof Error ? error.message : String(error) });
      return { statusCode: 503, headers: text, body: "not ready" };
    }
  };
}
