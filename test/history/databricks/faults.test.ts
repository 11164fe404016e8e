import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { selfSigned } from "../../support/http/certificate.ts";
import { type Fault, httpFaults } from "../../support/http/faults.ts";
import { closeServers, refusedAddress, startServer } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { answering, closeAll, databricksServer, environment, front } from "./pretend.ts";

afterEach(async () => {
  await closeAll();
  await closeServers();
});
afterAll(cleanupRecordings);

// Loading the driver takes its time, once, and is not what is measured.
beforeAll(() => import("@databricks/sql"));

const tls = selfSigned();
const UNREADABLE = /answered with what its driver cannot read; check that ONCALL_HISTORY_DATABRICKS_URL and _HTTP_PATH/;

/** Thrift is no JSON: what is said of that is said of Thrift. */
const FAULTS: readonly Fault[] = httpFaults({
  url: "ONCALL_HISTORY_DATABRICKS_URL",
  credentials: "ONCALL_HISTORY_DATABRICKS_TOKEN",
  ca: "ONCALL_HISTORY_DATABRICKS_CA_FILE",
  seconds: "1.6",
}).map((fault) => (/JSON|login page/.test(fault.when) ? { ...fault, says: UNREADABLE } : fault));

describe("query_history of a Databricks that", () => {
  it.each(FAULTS)("$when could not look, and names backend, cause and cure in time", async (fault) => {
    const { url } = await startServer(fault.handler, fault.tls ?? tls);
    const seconds = fault.isLong ? "8" : "2";
    const { ask } = await databricksServer({ ...environment({ url, ca: tls.cert }), ONCALL_TIMEOUT_SECONDS: seconds });
    const { structured } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: fault.reason });
    expect(structured["message"]).toContain(`Databricks at ${url}`);
    expect(structured["message"]).toMatch(fault.says);
  });

  it("refuses the connection could not look", async () => {
    const url = (await refusedAddress()).replace("http:", "https:");
    const { ask } = await databricksServer(environment({ url, ca: tls.cert }));
    const { structured } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(/refused the connection; .*check ONCALL_HISTORY_DATABRICKS_URL/);
  });

  it("sends half a message as a whole answer could not look", async () => {
    const databricks = await front();
    databricks.fault = (what) =>
      what === "OpenSession" ? { status: 200, body: Buffer.from("8001000200", "hex") } : undefined;
    const { ask } = await databricksServer(environment(databricks));
    const { structured } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "bad_response" });
    expect(structured["message"]).toMatch(UNREADABLE);
  });

  it("recovers within a moment is asked again, and answers", async () => {
    const databricks = await front();
    let count = 0;
    databricks.fault = (what) =>
      what === "OpenSession" && ++count < 3
        ? { status: count === 1 ? 503 : 429, headers: { "retry-after": "0" } }
        : undefined;
    const { ask } = await databricksServer(environment(databricks));
    expect((await ask()).structured).toMatchObject({ outcome: "found" });
    expect(count).toBe(3);
  });

  it.each([
    [403, "forbidden", /does not let this credential read \(403\); give it the role in the server's README/],
    [429, "rate_limited", /gets too many requests \(429\); wait 30 s/],
    [503, "unreachable", /is not available \(503\)/],
  ])("answers a statement with %s could not look, and its session is closed", async (status, reason, says) => {
    const databricks = await front();
    databricks.fault = (what) =>
      what === "ExecuteStatement" ? { status, headers: { "retry-after": "30" } } : undefined;
    const { ask } = await databricksServer(environment(databricks));
    const { structured } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason });
    expect(structured["message"]).toMatch(says);
    await expect.poll(() => databricks.open.sessions).toBe(0);
  });

  it.each([
    [
      "has no such table",
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `main`.`ops`.`incidents` cannot be found. SQLSTATE: 42P01",
      "42P01",
      "bad_response",
      /has no main\.ops\.incidents that this credential may read.*check ONCALL_HISTORY_TABLE, and give it the grants/,
    ],
    [
      "has no such column",
      "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `severity` cannot be resolved.",
      "42703",
      "bad_response",
      /has no such column in main\.ops\.incidents: severity; name its columns in ONCALL_HISTORY_COLUMNS/,
    ],
    [
      "lets the credential not read",
      "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on Table 'main.ops.incidents'.",
      "42501",
      "forbidden",
      /does not let this credential read main\.ops\.incidents; give it the grants in the server's README/,
    ],
    [
      "fails otherwise",
      "Job aborted\n\tat java.lang",
      "XXKDA",
      "bad_response",
      /could not run the statement \(Job aborted\)/,
    ],
  ])("%s could not look, and says what to do", async (_, message, sqlState, reason, says) => {
    const databricks = await front(answering(() => ({ error: { message, sqlState } })));
    const { ask } = await databricksServer(environment(databricks));
    const { structured } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason });
    expect(structured["message"]).toMatch(says);
    expect(structured["message"]).toContain(`Databricks at ${databricks.url}`);
  });

  it("answers with rows of another shape could not look", async () => {
    const databricks = await front(answering(() => ({ columns: [{ name: "x", type: "int" }], rows: [[1]] })));
    const { ask } = await databricksServer(environment(databricks));
    expect((await ask()).structured["message"]).toMatch(/rows of another shape/);
  });
});
