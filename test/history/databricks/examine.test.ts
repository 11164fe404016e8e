import { type ExamineOptions, examineServer } from "@oncall-copilot/core/server";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Outcome, Statement } from "../../support/databricks/engine.ts";
import { type Front, type FrontOptions, WAREHOUSE } from "../../support/databricks/front.ts";
import { closeServers, refusedAddress } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { answering, closeAll, databricksServer, environment, front, oneIncident } from "./pretend.ts";

afterEach(async () => {
  await closeAll();
  await closeServers();
});
afterAll(cleanupRecordings);

type Grant = readonly [privilege: string, grantee: string, source: string];
const text = (name: string) => ({ name, type: "string" });

/** A workspace whose Unity Catalog tells these grants. */
const granting =
  (grants: readonly Grant[] | Outcome) =>
  (statement: Statement): Outcome => {
    if (statement.sql.includes("session_user() AS who")) return { columns: [text("who")], rows: [["on-call-reader"]] };
    if (!statement.sql.includes("information_schema")) return oneIncident(statement);
    if (!Array.isArray(grants)) return grants as Outcome;
    return { columns: ["privilege", "grantee", "source"].map(text), rows: grants };
  };
const READING: Grant[] = [
  ["SELECT", "on-call-reader", "NONE"],
  ["USE_SCHEMA", "on-call", "SCHEMA"],
];

async function examine(databricks: Pick<Front, "url" | "ca">, options: Partial<ExamineOptions> = {}) {
  const { server } = await databricksServer(environment(databricks));
  const findings = await examineServer(server, { service: "storefront", mayWake: true, ...options });
  return { findings, statuses: findings.map(({ check, status }) => `${check} ${status}`) };
}
const workspace = (grants: readonly Grant[] | Outcome = READING, options: FrontOptions = {}) =>
  front(answering(granting(grants)), options);
const privilegeOf = async (grants: readonly Grant[] | Outcome) =>
  (await examine(await workspace(grants))).findings.find(({ check }) => check === "privilege");

describe("the check-up of Databricks", () => {
  it("says that it is reachable, accepts the credential, has the data and its age, and may only be read", async () => {
    const databricks = await workspace();
    const { findings } = await examine(databricks);
    expect(findings.map(({ check, status, message }) => `${check} ${status}: ${message}`)).toEqual([
      "reachable ok: answers through SQL warehouse oncall",
      "authenticated ok: accepts the credential, as on-call-reader",
      expect.stringMatching(
        /^data ok: storefront's newest incident is (?:24 h|1 d|1440 min).* old; 1 of it, 7 in all$/,
      ),
      "privilege ok: the credential can only read the table",
    ]);
    expect(findings[0]?.backend).toBe(`Databricks at ${databricks.url}`);
    for (const { sql } of databricks.statements) expect(sql.trimStart()).toMatch(/^(?:SELECT|--[^\n]*\nWITH)\b/);
    expect(databricks.statements.at(-1)?.args).toEqual({ table: "incidents", schema: "ops" });
  });

  it("leaves a warehouse that sleeps asleep when it may not be woken, and says what it did not look at", async () => {
    const databricks = await workspace(READING, { startMs: 1_000 });
    const { findings, statuses } = await examine(databricks, { mayWake: false });
    expect(statuses).toEqual(["reachable ok", "authenticated ok", "data unknown", "privilege unknown"]);
    expect(findings[2]?.message).toBe("SQL warehouse oncall is stopped, and was not woken to look");
    expect(databricks.seen).toEqual([`GET /api/2.0/sql/warehouses/${WAREHOUSE}`]);
    expect(databricks.state).toBe("STOPPED");
  });

  it("asks a warehouse that runs whether it may be woken or not", async () => {
    const { statuses } = await examine(await workspace(), { mayWake: false });
    expect(statuses).toEqual(["reachable ok", "authenticated ok", "data ok", "privilege ok"]);
  });

  it("asks no statement in the background of a warehouse whose state it may not see", async () => {
    const databricks = await workspace();
    databricks.showsState = false;
    expect((await examine(databricks, { mayWake: false })).statuses).toEqual([
      ...["reachable unknown", "data unknown", "privilege unknown"],
    ]);
    expect(databricks.statements).toEqual([]);
    expect((await examine(databricks)).statuses[3]).toBe("privilege ok");
  });

  it("warns of what goes beyond reading, with the statement that takes each back and the grants to use", async () => {
    const finding = await privilegeOf([
      ...READING,
      ["MODIFY", "on-call", "SCHEMA"],
      ["ALL PRIVILEGES", "on-call-reader", "CATALOG"],
      ["OWNERSHIP", "on-call-reader", "NONE"],
    ]);
    expect(finding?.status).toBe("warning");
    expect(finding?.message).toBe(
      "the credential can do more than read: MODIFY on the schema (on-call), ALL PRIVILEGES on the catalog (on-call-reader), OWNERSHIP on the table (on-call-reader)",
    );
    expect(finding?.cure).toBe(
      [
        "REVOKE MODIFY ON SCHEMA `main`.`ops` FROM `on-call`;",
        "REVOKE ALL PRIVILEGES ON CATALOG `main` FROM `on-call-reader`;",
        "ALTER TABLE `main`.`ops`.`incidents` OWNER TO <another principal>;",
        "What reading takes:",
        "GRANT USE CATALOG ON CATALOG `main` TO `<the service principal's application id>`;",
        "GRANT USE SCHEMA ON SCHEMA `main`.`ops` TO `<the service principal's application id>`;",
        "GRANT SELECT ON TABLE `main`.`ops`.`incidents` TO `<the service principal's application id>`;",
      ].join(" "),
    );
  });

  it("does not know what the credential may do where no grant is shown, or there is no Unity Catalog", async () => {
    expect(await privilegeOf([])).toMatchObject({ status: "unknown" });
    const message = "[TABLE_OR_VIEW_NOT_FOUND] The table or view `information_schema`.`tables` cannot be found.";
    const finding = await privilegeOf({ error: { message, sqlState: "42P01" } });
    expect(finding).toMatchObject({ status: "unknown" });
  });

  it("stops at what fails: the way there, the credential, the data", async () => {
    const { ca } = await front();
    const url = (await refusedAddress()).replace("http:", "https:");
    expect((await examine({ url, ca })).statuses).toEqual(["reachable failure"]);

    const denied = await workspace();
    denied.fault = () => ({ status: 401 });
    const { findings, statuses } = await examine(denied);
    expect(statuses).toEqual(["reachable ok", "authenticated failure"]);
    expect(findings[1]?.cure).toContain("ONCALL_HISTORY_DATABRICKS_TOKEN");

    const gone = await front(
      answering((statement) =>
        statement.sql.includes("AS who")
          ? granting(READING)(statement)
          : { error: { message: "[TABLE_OR_VIEW_NOT_FOUND] not found", sqlState: "42P01" } },
      ),
    );
    expect((await examine(gone)).statuses).toEqual(["reachable ok", "authenticated ok", "data failure"]);
  });
});
