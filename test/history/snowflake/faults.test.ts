import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDriver } from "../../../servers/history/src/stores/snowflake/driver.ts";
import { type Fault, httpFaults } from "../../support/http/faults.ts";
import { closeServers, refusedAddress, startServer } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { historyServer } from "../ask.ts";
import { ASKED, environmentFor, failing, inParts, snowflake } from "./pretend.ts";

// It takes a second or two to load, and holds up all else meanwhile.
beforeAll(async () => void (await loadDriver()));
afterAll(closeServers);
afterAll(cleanupRecordings);

/** The driver tries a login again after a second or so. */
const SECONDS = 8;
/** Where it goes on for longer than any call may take, that is found out sooner. */
const SHORT = 2;

const ADDRESS = "ONCALL_HISTORY_SNOWFLAKE_ACCOUNT or _URL";
const GIVEN_UP = { reason: "timed_out", says: /did not answer within 1\.6 s; see whether it is overloaded/ };
const UNREADABLE = { reason: "bad_response", says: /what its driver cannot read.*no login page in front of it/ };
const NO_ACCOUNT = { reason: "forbidden", says: new RegExp(`has no such account.*${ADDRESS}`) };

type Outcome = Pick<Fault, "reason" | "says">;

/** What becomes of a fault where it is not what the table of all HTTP backends says: the driver has a transport of its own. */
const OTHERWISE: Readonly<Record<string, Outcome>> = {
  "never answers": GIVEN_UP,
  "answers drop by drop": GIVEN_UP,
  // What stands before all accounts answers so where there is none.
  "forbids reading (403)": NO_ACCOUNT,
  // The driver follows it, and finds no Snowflake there.
  redirects: NO_ACCOUNT,
  "gets too many requests and says how long to wait (429)": { reason: "rate_limited", says: /\(429\); wait a minute/ },
  "sends half of a response": UNREADABLE,
  "sends half of a compressed response": UNREADABLE,
  "sends invalid JSON": UNREADABLE,
  "sends a login page": UNREADABLE,
  "sends JSON of another shape": UNREADABLE,
  // One response is not bounded by the driver, and what these are filled with is no JSON. Rows are bounded: see below.
  "sends a huge response": UNREADABLE,
  "sends a small response that unpacks to a huge one": UNREADABLE,
};
/** The driver runs a statement again, up to seven times, where it may have been lost. */
const RUN_AGAIN: readonly string[] = [
  "gets too many requests and says how long to wait (429)",
  "fails (500)",
  "is not available (503)",
];

const FAULTS: readonly Fault[] = httpFaults({
  url: ADDRESS,
  credentials: "ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY or _TOKEN",
  ca: "NODE_EXTRA_CA_CERTS",
  seconds: "1.6",
}).map((fault) => ({ ...fault, ...OTHERWISE[fault.when] }));

async function expectOutcome(url: string, { reason, says }: Outcome) {
  const seconds = reason === "timed_out" ? SHORT : SECONDS;
  const { call, server } = await historyServer({}, environmentFor(url, seconds));
  const { isError, structured } = await call(ASKED);
  expect(isError).toBe(true);
  expect(structured).toMatchObject({ outcome: "could_not_look", reason });
  expect(structured["message"]).toMatch(/^Snowflake at https?:\/\/127\.0\.0\.1:\d+ /);
  expect(structured["message"]).toMatch(says);
  await server.close?.();
}

describe.concurrent("query_history of a Snowflake whose login", () => {
  it.each(FAULTS.filter(({ isLong }) => !isLong))(
    "$when could not look, and names backend, cause and cure in time",
    async (fault) => {
      const { url } = await startServer(snowflake({ login: fault.handler }), fault.tls);
      await expectOutcome(url, fault);
    },
  );

  it("cannot be connected to could not look", async () => {
    await expectOutcome(await refusedAddress(), {
      reason: "unreachable",
      says: new RegExp(`refused the connection; see whether it is up, and check ${ADDRESS}`),
    });
  });
});

describe.concurrent("query_history of a Snowflake whose statement", () => {
  it.each(FAULTS.filter(({ tls }) => !tls))("$when could not look, and says why in time", async (fault) => {
    const { url } = await startServer(snowflake({ answer: () => fault.handler }));
    await expectOutcome(url, RUN_AGAIN.includes(fault.when) ? GIVEN_UP : fault);
  });
});

describe.concurrent("query_history of a Snowflake that says of the login", () => {
  it.each([
    {
      code: "390144",
      message: "JWT token is invalid.",
      reason: "forbidden",
      says: /key pair \(390144\).*_USER and .*public key.*clock/,
    },
    { code: "390100", message: "Incorrect username", reason: "forbidden", says: /key pair \(390100\)/ },
    {
      code: "390318",
      message: "OAuth access token expired.",
      reason: "forbidden",
      says: /OAuth token \(390318\).*_TOKEN or _TOKEN_FILE/,
    },
    {
      code: "390189",
      message: "Role 'X' specified in the connect string does not exist",
      reason: "forbidden",
      says: /its role \(390189\).*_ROLE/,
    },
    { code: "390422", message: "Incoming request with IP is not allowed", reason: "forbidden", says: /network policy/ },
    {
      code: "390201",
      message: "The requested warehouse does not exist",
      reason: "bad_response",
      says: /_WAREHOUSE and ONCALL_HISTORY_TABLE/,
    },
  ])("$code, $message", async ({ code, message, reason, says }) => {
    const { url } = await startServer(snowflake({ login: failing(code, message) }));
    await expectOutcome(url, { reason, says });
  });
});

describe.concurrent("query_history of a Snowflake that says of the statement", () => {
  it.each([
    {
      code: "002003",
      message: "Object 'OPS.SRE.INCIDENTS' does not exist or not authorized.",
      reason: "forbidden",
      says: /no ops\.sre\.incidents that this role may read.*USAGE on its database and schema, SELECT/,
    },
    {
      code: "003001",
      message: "Insufficient privileges to operate on table",
      reason: "forbidden",
      says: /does not let this role read ops\.sre\.incidents/,
    },
    {
      code: "000904",
      message: "error line 3 at position 9\ninvalid identifier 'FINGERPRINT'",
      reason: "bad_response",
      says: /no such column in ops\.sre\.incidents: FINGERPRINT; .*ONCALL_HISTORY_COLUMNS/,
    },
    {
      code: "000606",
      message: "No active warehouse selected in the current session.",
      reason: "forbidden",
      says: /not start warehouse ONCALL_WH \(000606\).*grant USAGE on it.*AUTO_RESUME/,
    },
    {
      code: "090073",
      message: "Warehouse 'ONCALL_WH' cannot be resumed because resource monitor 'M' has exceeded its quota.",
      reason: "forbidden",
      says: /does not start warehouse ONCALL_WH \(090073\)/,
    },
    {
      code: "000630",
      message: "Statement reached its statement or warehouse timeout of 24 second(s)",
      reason: "timed_out",
      says: /stopped the statement \(000630\).*ONCALL_TIMEOUT_SECONDS/,
    },
    {
      code: "100038",
      message: "Numeric value 'x' is not recognized",
      reason: "bad_response",
      says: /could not run the statement \(100038: Numeric value 'x' is not recognized\); its query history/,
    },
  ])("$code, $message", async ({ code, message, reason, says }) => {
    const { url } = await startServer(snowflake({ answer: () => failing(code, message) }));
    const { call, server } = await historyServer({}, environmentFor(url, SECONDS));
    const { structured } = await call(ASKED);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason, message: expect.stringMatching(says) });
    await server.close?.();
  });

  it("rows of another shape than was asked for", async () => {
    const { url } = await startServer(
      snowflake({ answer: () => [{ PART: "extent", N: "0", BODY: '{"searched":"many"}' }] }),
    );
    await expectOutcome(url, { reason: "bad_response", says: /rows of another shape than was asked for/ });
  });
});

// Not beside the others: what is so long takes its time to be made and read, and holds them up.
describe("query_history of a Snowflake that answers with", () => {
  it("more than may be brought, in one response", async () => {
    const BODY = JSON.stringify({ summary: "x".repeat(8 * 1_048_576) });
    const long = Array.from({ length: 5 }, () => ({ PART: "incident", N: "1", BODY }));
    const { url } = await startServer(snowflake({ answer: () => long }));
    await expectOutcome(url, { reason: "too_large", says: /brought more than 32 MiB; .*summary/ });
  });

  it("more than may be brought, part after part, and the rest is not fetched", async () => {
    const parts = 12;
    const part = JSON.stringify(["incident", "1", JSON.stringify({ summary: "x".repeat(8 * 1_048_576) })]);
    const fetched: string[] = [];
    const { url } = await startServer(
      inParts(parts, (path, response) => {
        fetched.push(path);
        response.end(part);
      }),
    );
    await expectOutcome(url, { reason: "too_large", says: /brought more than 32 MiB; .*summary/ });
    expect(fetched.length).toBeGreaterThan(3);
    expect(fetched.length).toBeLessThan(parts);
  });
});
