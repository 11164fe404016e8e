import { CouldNotLook, type CouldNotLookReason } from "../../outcome.ts";
import { BrokenOff, type Exchanged, Stalled, TooLong } from "./exchange.ts";
import { ProxyRefused } from "./route.ts";

/** What the messages about a failed request say of the backend. */
export interface BackendNames {
  /** Who it is and where: `Prometheus at https://prometheus.example`. */
  readonly name: string;
  /** The environment variables that a person would change, by what they hold. */
  readonly variables: { readonly url: string; readonly credentials: string; readonly ca: string };
}

/** The backend answered with a status that is no success. An adapter that knows more of its errors says it better. */
export class HttpRefusal extends CouldNotLook {
  declare readonly status: number;
  /** Of its text the first 64 KiB. Untrusted. */
  readonly answer: Exchanged;
  /** How long the backend asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: CouldNotLookReason, problem: string, answer: Exchanged, cure: string, retryAfterMs?: number) {
    super(reason, problem, { cure, status: answer.status });
    this.answer = answer;
    this.retryAfterMs = retryAfterMs;
  }

  get body(): string {
    return this.answer.text;
  }
}

/** `Retry-After` is seconds or a date (RFC 9110, section 10.2.3). Milliseconds from `now`; undefined when it says neither. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const inSeconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

/** The failure that a status stands for. */
export function refusalOf(answer: Exchanged, { name, variables }: BackendNames, now: number): HttpRefusal {
  const { status, headers } = answer;
  const refused = (reason: CouldNotLookReason, what: string, cure: string, wait?: number) =>
    new HttpRefusal(reason, `${name} ${what}`, answer, cure, wait);
  if (status === 401)
    return refused(
      "forbidden",
      "did not accept the credential (401)",
      `set ${variables.credentials} to one that is valid`,
    );
  if (status === 403)
    return refused("forbidden", "does not let this credential read (403)", "give it the role in the server's README");
  if (status === 407)
    return refused("forbidden", "is behind a proxy that wants a login (407)", "put it into HTTPS_PROXY");
  const wait = readRetryAfter(headers["retry-after"], now);
  if (status === 429) {
    const until = wait === undefined ? "wait a minute" : `wait ${inSeconds(wait)}`;
    return refused("rate_limited", "gets too many requests (429)", `${until}, then ask again or ask for less`, wait);
  }
  if (status >= 300 && status < 400) {
    return refused("bad_response", `redirects elsewhere (${status})`, `set ${variables.url} to where it really is`);
  }
  if (status === 404 || status === 405) {
    return refused("bad_response", `has no such path (${status})`, `check the path prefix in ${variables.url}`);
  }
  if (status === 502 || status === 503 || status === 504) {
    return refused("unreachable", `is not available (${status})`, "see whether it is up, then ask again", wait);
  }
  if (status >= 500) return refused("bad_response", `failed (${status})`, "its own log says why");
  return refused("bad_response", `refused the request (${status})`, `check ${variables.url} and its version`);
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED =
  /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|INVALID_CA)$/;
const UNRESOLVED = /^(?:ENOTFOUND|EAI_\w+)$/;
const CUT = /^(?:ECONNRESET|EPIPE|HPE_\w+)$/;

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === "string") return code;
  // Every address of a name was tried and failed: the first one says why.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : "";
};

/** The failure that an error on the way stands for: who, why, and what to do about it. */
export function failureOf(error: unknown, { name, variables }: BackendNames): CouldNotLook {
  if (error instanceof CouldNotLook) return error;
  const failed = (reason: CouldNotLookReason, what: string, cure: string) =>
    new CouldNotLook(reason, `${name} ${what}`, { cure, cause: error });
  if (error instanceof Stalled) {
    if (error.phase === "connect") {
      const cure = `check ${variables.url} and the network in between`;
      return failed("unreachable", `could not be connected to within ${inSeconds(error.ms)}`, cure);
    }
    return failed(
      "timed_out",
      `did not answer within ${inSeconds(error.ms)}`,
      "ask for a shorter window, or see whether it is overloaded",
    );
  }
  if (error instanceof TooLong) {
    const most = `${Math.round(error.maxBytes / 1_048_576)} MiB`;
    return failed("too_large", `answered with more than ${most}`, "ask for a shorter window or for less of it");
  }
  if (error instanceof BrokenOff) {
    return failed(
      "bad_response",
      `broke its answer off after ${error.bytes} bytes`,
      "ask again, and see whether it or a proxy crashes",
    );
  }
  if (error instanceof ProxyRefused) {
    return failed("unreachable", `is not let through: ${error.message}`, "check HTTPS_PROXY and NO_PROXY");
  }
  const code = codeOf(error);
  if (UNTRUSTED.test(code)) {
    return failed(
      "unreachable",
      `shows a certificate of an unknown authority (${code})`,
      `put the authority's PEM file in ${variables.ca}`,
    );
  }
  if (code === "CERT_HAS_EXPIRED")
    return failed("unreachable", "shows a certificate that has expired", "have it renewed");
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return failed("unreachable", "shows a certificate for another name", `set ${variables.url} to the name it is for`);
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
    return failed("unreachable", `does not speak TLS as asked (${code})`, `check http or https in ${variables.url}`);
  }
  if (code === "ECONNREFUSED") {
    return failed("unreachable", "refused the connection", `see whether it is up, and check ${variables.url}`);
  }
  if (UNRESOLVED.test(code))
    return failed("unreachable", `has a name that is not known (${code})`, `check ${variables.url}`);
  if (CUT.test(code))
    return failed("unreachable", `cut the connection (${code})`, `see whether it is up, and check ${variables.url}`);
  return failed("unreachable", `could not be reached${code ? ` (${code})` : ""}`, `check ${variables.url}`);
}
