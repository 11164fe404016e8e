import type { ServerResponse } from "node:http";
import { alertFingerprint } from "@oncall-copilot/core";
import { type Handler, type Received, sendJson } from "../../support/http/server.ts";
import { at } from "../../support/recording.ts";
import { privateKeyPem } from "./key.ts";

/** The rows that the double has for a statement, its columns in Snowflake's capitals; or how it behaves instead. */
export type Answer = readonly Readonly<Record<string, string | null>>[] | Handler;

export interface Statement {
  readonly sqlText: string;
  readonly bindings?: Readonly<Record<string, { readonly type: string; readonly value: string | null }>>;
  readonly parameters?: Readonly<Record<string, string | number>>;
}

export interface Behaviour {
  readonly login?: Handler;
  readonly answer?: (statement: Statement) => Answer;
  readonly cancel?: (request: Received) => void;
}

/**
 * What answers as Snowflake does, as far as its driver for Node asks: login, statements, their cancellation, and the end of a session.
 * Snowflake publishes no description of this protocol: the shapes are those that its driver reads, and that fakesnow sends.
 */
export function snowflake({ login, answer = () => ROWS, cancel }: Behaviour = {}): Handler {
  return (request, response) => {
    const { pathname, searchParams } = request.url;
    if (pathname === "/session/v1/login-request") return (login ?? loggedIn)(request, response);
    if (pathname === "/session" && searchParams.has("delete")) return succeed(response, null);
    if (pathname === "/queries/v1/abort-request") {
      cancel?.(request);
      return succeed(response, null);
    }
    if (pathname !== "/queries/v1/query-request") return sendJson(response, 404, {});
    const told = answer(statementOf(request));
    if (typeof told === "function") return told(request, response);
    const columns = Object.keys(told[0] ?? { PART: "" });
    succeed(response, {
      ...resultOf(columns),
      rowset: told.map((row) => columns.map((name) => row[name] ?? null)),
      total: told.length,
      returned: told.length,
    });
  };
}

/** An answer that is too long for one response: its rows lie in so many parts elsewhere, each of one row, as at Snowflake's object store. */
export function inParts(parts: number, send: (path: string, response: ServerResponse) => void): Handler {
  const double = snowflake({
    answer: () => (request, response) => {
      const at = `http://${request.headers.host}/part/`;
      const size = { rowCount: 1, uncompressedSize: 1, compressedSize: 1 };
      succeed(response, {
        ...resultOf(["PART", "N", "BODY"]),
        ...{ rowset: [], total: parts, returned: parts },
        chunks: Array.from({ length: parts }, (_, i) => ({ url: `${at}${i}`, ...size })),
        chunkHeaders: {},
      });
    },
  });
  return (request, response) =>
    request.url.pathname.startsWith("/part/") ? send(request.url.pathname, response) : double(request, response);
}

const resultOf = (columns: readonly string[]) => ({
  parameters: [],
  rowtype: columns.map((name) => ({
    ...{ name, type: "text", length: 16_777_216, nullable: true, scale: null, precision: null },
  })),
  queryId: "01234567-0000-0000-0000-000000000000",
  queryResultFormat: "json",
  statementTypeId: 4096,
  version: 1,
});

const succeed = (response: ServerResponse, data: unknown) =>
  sendJson(response, 200, { data, code: null, message: null, success: true });

const loggedIn: Handler = (_, response) =>
  succeed(response, {
    ...{ token: "a-session", masterToken: "a-master", validityInSeconds: 3600, masterValidityInSeconds: 14_400 },
    ...{ sessionId: 1, parameters: [], sessionInfo: {} },
  });

/** How Snowflake says that it could not do what was asked: with status 200. */
export const failing = (code: string, message: string): Handler => {
  return (_, response) =>
    sendJson(response, 200, { data: { errorCode: code, sqlState: "42000" }, code, message, success: false });
};

export const statementOf = ({ body }: Received): Statement => JSON.parse(body) as Statement;

const row = (part: string, n: number, body: object) => ({ PART: part, N: String(n), BODY: JSON.stringify(body) });

/** One past incident of {@link ASKED}. Nulls are left out, as an engine may. */
export const ROWS: Answer = [
  row("incident", 1, {
    ...{ id: "INC-1", same: true, likeness: 1, alert: "HighErrorRate", service: "storefront", summary: "errors" },
    ...{
      started: Date.parse(at(-2000)),
      resolved: Date.parse(at(-1980)),
      root_cause: "disk full",
      fix: "freed it",
      fix_worked: true,
    },
  }),
  row("extent", 0, { searched: 7, unreadable: 1, fingerprint: 1, alike: 0 }),
  row("totals", 0, {
    ...{
      count: 1,
      open: 0,
      last_90_days: 1,
      last_365_days: 1,
      first_at: Date.parse(at(-2000)),
      last_at: Date.parse(at(-2000)),
    },
    ...{ median_seconds: 1200, p25_seconds: 1200, p75_seconds: 1200, same_weekday: 0, same_hour: 0, with_cause: 1 },
  }),
  row("cause", 1, { root_cause: "disk full", count: 1 }),
  row("fix", 1, { fix: "freed it", worked: 1, failed: 0, unknown: 0, median_seconds: 1200, kinds: 1 }),
];

export const ASKED = {
  service: "storefront",
  alert: "HighErrorRate",
  fingerprint: alertFingerprint({ alert: "HighErrorRate", service: "storefront" }),
};

const KEY = privateKeyPem();

/** The environment of a server that asks the Snowflake at this address, with so many seconds for a call. */
export const environmentFor = (url: string, seconds = 5): Record<string, string> => ({
  ONCALL_HISTORY_SNOWFLAKE_ACCOUNT: "myorg-myaccount",
  ONCALL_HISTORY_SNOWFLAKE_URL: url,
  ONCALL_HISTORY_SNOWFLAKE_USER: "oncall",
  ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: KEY,
  ONCALL_HISTORY_SNOWFLAKE_WAREHOUSE: "ONCALL_WH",
  ONCALL_HISTORY_TABLE: "ops.sre.incidents",
  ONCALL_TIMEOUT_SECONDS: String(seconds),
});
