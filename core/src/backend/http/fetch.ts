import { CouldNotLook } from "../../outcome.ts";
import type { HttpClient } from "./client.ts";
import type { HttpMethod } from "./exchange.ts";

/** Statuses whose answer must have no body (RFC 9110; the Fetch standard's null body status). */
const BODILESS = new Set([101, 204, 205, 304]);

/** The Fetch standard's `fetch`, as far as a vendor's client uses it. */
export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface FetchOptions {
  /** Address of the backend that `http` asks, path prefix included. */
  readonly base: URL;
  /** Whether this request may be sent again after a failure on the way. Default: all but POST and PATCH. */
  readonly repeatable?: (method: HttpMethod, url: URL) => boolean;
  /** Used where a request brings no signal of its own. */
  readonly abort: AbortSignal;
}

/**
 * A `fetch` for a vendor's client that goes through one of our own: the client builds requests and reads answers, ours carries
 * them. A request to another host is refused: the credential is meant for one. Give it to one call's client, since `abort` is that
 * call's.
 *
 * @throws CouldNotLook when there is no answer; see {@link HttpClient.send}.
 */
export function fetchThrough(http: HttpClient, { base, repeatable, abort }: FetchOptions): FetchLike {
  const prefix = base.pathname.replace(/\/+$/, "");
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== base.origin || !`${url.pathname}/`.startsWith(`${prefix}/`)) {
      throw new CouldNotLook(
        "bad_response",
        `a request to ${url.origin} was held back: only ${base.href} may be asked`,
      );
    }
    const method = (init.method ?? "GET").toUpperCase() as HttpMethod;
    const { body } = init;
    const answer = await http.send({
      path: url.pathname.slice(prefix.length),
      query: url.searchParams,
      method,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof body === "string" || body instanceof Uint8Array ? { body } : {}),
      repeatable: repeatable ? repeatable(method, url) : method !== "POST" && method !== "PATCH",
      abort: init.signal ? AbortSignal.any([abort, init.signal]) : abort,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      // The text is unpacked already.
      if (value === undefined || name === "content-encoding" || name === "content-length") continue;
      headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    }
    return new Response(BODILESS.has(answer.status) ? null : answer.text, { status: answer.status, headers });
  };
}

/** What stopped a request, out of whatever a vendor's client made of it; undefined when the backend did answer. */
export function couldNotLookIn(error: unknown): CouldNotLook | undefined {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    if (at instanceof CouldNotLook) return at;
    seen.add(at);
  }
  return undefined;
}
