import { gzipSync } from "node:zlib";
import { type SelfSigned, selfSigned } from "./certificate.ts";
import { type Handler, sendJson } from "./server.ts";

/** One way for an HTTP backend to fail, and what must become of it. */
export interface Fault {
  readonly when: string;
  readonly handler: Handler;
  /** The reason of `could_not_look`. */
  readonly reason: string;
  /** The cause and the cure in the message. */
  readonly says: RegExp;
  readonly tls?: SelfSigned;
  /** Its answer is so long that a short time-out would end it first. */
  readonly isLong?: boolean;
}

/** What the messages name: the variables of the backend under test, as regular expressions match them. */
export interface FaultNames {
  /** `ONCALL_LOGS_OPENSEARCH_URL` */
  readonly url: string;
  /** `ONCALL_LOGS_OPENSEARCH_` or whatever all variables of its credential begin with. */
  readonly credentials: string;
  /** `ONCALL_LOGS_OPENSEARCH_CA_FILE` */
  readonly ca: string;
  /** Seconds that one of its requests may take in these tests, as the message says them: `0.4`. */
  readonly seconds: string;
  /** Most MiB of an answer. Default 32. */
  readonly maxMib?: number;
}

const MIB = 1_048_576;

export const refusal = (
  status: number,
  headers: Record<string, string> = {},
  json: unknown = { message: "no" },
): Handler => {
  return (_, response) => sendJson(response, status, json, headers);
};

export const answer = (text: string | Uint8Array, headers: Record<string, string> = {}): Handler => {
  return (_, response) => response.writeHead(200, { "content-type": "application/json", ...headers }).end(text);
};

const drip: Handler = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 20);
  response.once("close", () => clearInterval(timer));
};

/** The faults of any HTTP backend, each with the outcome and the message that a caller must get within the deadline. */
export function httpFaults({ url, credentials, ca, seconds, maxMib = 32 }: FaultNames): readonly Fault[] {
  const late = new RegExp(`did not answer within ${seconds.replace(".", "\\.")} s`);
  const long = new RegExp(`more than ${maxMib} MiB`);
  return [
    { when: "never answers", handler: () => {}, reason: "timed_out", says: late },
    { when: "answers drop by drop", handler: drip, reason: "timed_out", says: late },
    {
      when: "does not accept the credential (401)",
      handler: refusal(401),
      reason: "forbidden",
      says: new RegExp(`\\(401\\); set ${credentials}`),
    },
    {
      when: "forbids reading (403)",
      handler: refusal(403),
      reason: "forbidden",
      says: /\(403\).*role in the server's README/,
    },
    {
      when: "gets too many requests and says how long to wait (429)",
      handler: refusal(429, { "retry-after": "30" }),
      reason: "rate_limited",
      says: /\(429\); wait 30 s/,
    },
    { when: "fails (500)", handler: refusal(500), reason: "bad_response", says: /failed \(500\); its own log/ },
    { when: "is not available (503)", handler: refusal(503), reason: "unreachable", says: /not available \(503\)/ },
    {
      when: "redirects",
      handler: refusal(302, { location: "/login" }),
      reason: "bad_response",
      says: new RegExp(`redirects.*${url}`),
    },
    {
      when: "sends half of a response",
      handler: (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"status":"succ', () => response.destroy());
      },
      reason: "bad_response",
      says: /broke its answer off after 15 bytes/,
    },
    {
      when: "sends half of a compressed response",
      handler: answer(gzipSync(JSON.stringify({ a: "b".repeat(200) })).subarray(0, 25), { "content-encoding": "gzip" }),
      reason: "bad_response",
      says: /broke its answer off/,
    },
    {
      when: "sends invalid JSON",
      handler: answer('{"status":'),
      reason: "bad_response",
      says: /answered with no JSON/,
    },
    {
      when: "sends a login page",
      handler: answer("<!doctype html>"),
      reason: "bad_response",
      says: /a web page; .*login page/,
    },
    { when: "sends JSON of another shape", handler: answer('{"a":1}'), reason: "bad_response", says: /another shape/ },
    {
      when: "sends a huge response",
      handler: answer(Buffer.alloc((maxMib + 1) * MIB, " ")),
      reason: "too_large",
      says: long,
      isLong: true,
    },
    {
      when: "sends a small response that unpacks to a huge one",
      handler: answer(gzipSync(Buffer.alloc((maxMib + 1) * MIB, " ")), { "content-encoding": "gzip" }),
      reason: "too_large",
      says: long,
      isLong: true,
    },
    {
      when: "shows a certificate of an unknown authority",
      handler: refusal(200),
      tls: selfSigned(),
      reason: "unreachable",
      says: new RegExp(`unknown authority \\(DEPTH_ZERO_SELF_SIGNED_CERT\\); .*${ca}`),
    },
  ];
}
