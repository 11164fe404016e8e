import { join } from "node:path";
import { createLogger, loadCatalog } from "@oncall-copilot/core";
import { openRecording, type Recording } from "@oncall-copilot/core/recording";
import {
  defineServer,
  type Estate,
  readEnvironment,
  runCall,
  type ServerDefinition,
} from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queryHistory } from "../../servers/history/src/query-history.ts";
import { buildServer, configSchema } from "../../servers/history/src/server.ts";
import type { HistoryStore } from "../../servers/history/src/store.ts";
import { HISTORY_COLUMNS } from "../../servers/history/src/stores/columns.ts";
import { openStore } from "../../servers/history/src/stores/open.ts";
import { KEY } from "../history/ask.ts";
import type { Outcome } from "../support/databricks/engine.ts";
import { type Front, HTTP_PATH, startFront, TOKEN } from "../support/databricks/front.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";
import { type Spark, startSpark } from "./databricks/spark.ts";

const RECORDINGS = join(import.meta.dirname, "../recordings");
const COLUMNS = [
  "id=incident_id",
  "fingerprint=`alert fingerprint`",
  "started_at=opened",
  "resolved_at=closed",
  "fix=remedy",
].join(",");

let spark: Spark;
let databricks: Front;
/** What Spark made of each statement. */
const outcomes: Outcome[] = [];

beforeAll(async () => {
  spark = await startSpark();
  databricks = await startFront({
    execute: async (statement, abort) => {
      const outcome = await spark.execute(statement, abort);
      outcomes.push(outcome);
      return outcome;
    },
  });
  await spark.prepare("CREATE DATABASE ops");
});
afterAll(async () => {
  await databricks?.close();
  await spark?.stop();
});

async function call(server: ServerDefinition, args: object, signal?: AbortSignal) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const options = { key: KEY, log: createLogger("test", "silent"), deadlineMs: 100_000 };
  return runCall(server, tool, args, signal === undefined ? options : { ...options, signal });
}

/** A Delta table as a team might have it: other names, timestamps and a boolean where a recording has text. */
async function load(recording: Recording, table: string): Promise<void> {
  await spark.prepare(`CREATE TABLE ${table} USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'name') AS SELECT
    id AS incident_id, fingerprint AS \`alert fingerprint\`, alert, service, severity, summary,
    CAST(started_at AS TIMESTAMP) AS opened, CAST(resolved_at AS TIMESTAMP) AS closed,
    root_cause, fix AS remedy, CAST(fix_worked AS BOOLEAN) AS fix_worked, pr_url, 'noise' AS team
    FROM json.\`${recording.path("history")}\``);
}

const environmentOf = (recording: Recording, table: string, columns: string): Record<string, string> => ({
  ONCALL_CATALOG: recording.path("catalog") ?? "",
  ONCALL_AS_OF: new Date(recording.asOf).toISOString(),
  ONCALL_HISTORY_DATABRICKS_URL: databricks.url,
  ONCALL_HISTORY_DATABRICKS_HTTP_PATH: HTTP_PATH,
  ONCALL_HISTORY_DATABRICKS_TOKEN: TOKEN,
  ONCALL_HISTORY_DATABRICKS_CA: databricks.ca,
  ONCALL_HISTORY_TABLE: table,
  ONCALL_HISTORY_COLUMNS: columns,
  // Spark compiles its first statements for a long time on two cores.
  ONCALL_TIMEOUT_SECONDS: "100",
});

/** A server over the recording, and one over Databricks whose incidents link to the recording: then whole answers can be compared. */
async function both(recording: Recording, table: string, columns: string) {
  const environment = environmentOf(recording, table, columns);
  const catalog = await loadCatalog(environment["ONCALL_CATALOG"] ?? "");
  const estate: Estate = { catalog, recording, now: () => recording.asOf, check: () => {} };
  const { store } = openStore(readEnvironment(configSchema, environment), estate);
  const recorded = readEnvironment(configSchema, { ONCALL_RECORDING: recording.dir });
  const fromRecording = await buildServer(recorded);
  const { name, url } = openStore(recorded, estate).store;
  const linked: HistoryStore = {
    ...{ name, url, close: store.close },
    past: async (question, options) => {
      const past = await store.past(question, options);
      const incidents = past.incidents.map((one) => ({ ...one, url: `${url}#${encodeURIComponent(one.id)}` }));
      return { ...past, incidents };
    },
  };
  const tools = [queryHistory({ catalog, store: linked })];
  return { fromRecording, fromDatabricks: defineServer({ ...fromRecording, tools, close: store.close }) };
}

describe.each(["bad-deployment-three-hops", "healthy-peak"])("the recording %s in a Delta table", (name) => {
  let fromRecording: ServerDefinition;
  let fromDatabricks: ServerDefinition;
  const table = `ops.${name.replaceAll("-", "_")}`;

  beforeAll(async () => {
    const recording = await openRecording(join(RECORDINGS, name));
    await load(recording, table);
    ({ fromRecording, fromDatabricks } = await both(recording, table, COLUMNS));
  });
  afterAll(async () => {
    await fromDatabricks?.close?.();
    await fromRecording?.close?.();
  });

  it.each([
    { service: "storefront", alert: "StorefrontLatencyHigh", summary: "no connection to offers-db free" },
    { service: "storefront", alert: "StorefrontLatencyHigh", limit: 20 },
    { service: "storefront" },
    {
      service: "promotions",
      summary: "PoolTimeoutError: no connection to offers-db free after 1000 ms (size 2)",
      limit: 12,
    },
    { service: "checkout", alert: "CheckoutErrorsHigh", summary: "payment refused by the card-gateway" },
    { service: "pricing", summary: "cache stampede after a deployment of list prices, requests slow", limit: 20 },
    { service: "catalogue", fingerprint: "00000000000000aa" },
    { service: "storefront", alert: "NoSuchAlert", summary: "zzzzqqqq" },
    { service: "storefront", alert: "O'Brien \\ `x` :now", summary: "100 % of 'quotes' \\d+ $1" },
  ])("gives the same answer to %j, to the last byte of each receipt", async (args) => {
    const [expected, answer] = [await call(fromRecording, args), await call(fromDatabricks, args)];
    expect(expected.isError).toBe(false);
    expect(answer.structured).toEqual(expected.structured);
    expect(answer.text).toBe(expected.text);
  });
});

/** What a history may hold that a tidy one does not. */
const UNTIDY: readonly Record<string, string | null>[] = [
  row({ id: "no-zone", started_at: "2026-02-28 09:00:00" }),
  row({ id: "another-zone", started_at: "2026-02-28T23:30:00.250+05:30", resolved_at: "2026-02-28T19:00:00Z" }),
  row({ id: "no-start", started_at: "last Tuesday" }),
  row({ id: null, started_at: "2026-02-27T09:00:00Z" }),
  row({ id: "later", started_at: "2026-03-02T09:00:00Z" }),
  row({ id: "still-open", started_at: "2026-03-01T09:59:00Z", resolved_at: null }),
  row({ id: "closed-later", started_at: "2026-03-01T09:58:00Z", resolved_at: "2026-03-01T23:00:00Z" }),
  row({ id: "shouting", alert: "HIGHERRORRATE", service: "Storefront", fingerprint: "00000000000000AA" }),
  row({
    id: "half-hour",
    started_at: "2026-02-26T10:30:00Z",
    fix: "  rolled back v1.2.3 to v1.2.2.  ",
    fix_worked: "false",
  }),
  row({ id: "revert-1", fix: "reverted commit 0a1b2c3d4e", fix_worked: "true" }),
  row({ id: "revert-2", started_at: "2026-02-20T11:00:00Z", fix: "Reverted commit ffeeddccbb;", fix_worked: null }),
  row({ id: "odd-truth", fix: "restarted 3 pods", fix_worked: "perhaps", root_cause: "   " }),
  row({ id: "nothing", alert: null, service: null, summary: null, root_cause: null, fix: null, severity: null }),
  row({
    id: "unicode",
    summary: 'Zahlung schlägt fehl: Überlast \u{1f525} "quoted" \\ \n next line',
    pr_url: " https://git.example/1 ",
  }),
];

function row(own: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return {
    ...{
      id: "x",
      fingerprint: "00000000000000aa",
      alert: "HighErrorRate",
      service: "storefront",
      severity: "critical",
    },
    ...{ summary: "storefront: error ratio is above 5 %", started_at: "2026-02-22T10:00:00Z" },
    ...{ resolved_at: "2026-03-01T08:00:00Z", root_cause: "pool of 10 connections exhausted", fix: null },
    ...{ fix_worked: null, pr_url: null, ...own },
  };
}

describe("an untidy history of text in a Delta table", () => {
  let fromRecording: ServerDefinition;
  let fromDatabricks: ServerDefinition;

  beforeAll(async () => {
    const recording = await openRecording(await writeRecording({ history: [...UNTIDY] }));
    const columns = HISTORY_COLUMNS.map((column) => `${column} STRING`).join(", ");
    await spark.prepare(
      `CREATE TABLE ops.untidy USING delta AS SELECT r.* FROM (
        SELECT from_json(value, '${columns}') AS r FROM text.\`${recording.path("history")}\`)`,
    );
    ({ fromRecording, fromDatabricks } = await both(recording, "ops.untidy", ""));
  });
  afterAll(async () => {
    await fromDatabricks?.close?.();
    await fromRecording?.close?.();
    await cleanupRecordings();
  });

  it.each([
    { service: "storefront", alert: "HighErrorRate", limit: 20 },
    { service: "storefront", fingerprint: "00000000000000aa", summary: "connections exhausted, überlast", limit: 20 },
    { service: "checkout", alert: "HighErrorRate", summary: "pool connections", limit: 20 },
    { service: "checkout", alert: "Nothing" },
  ])("gives the same answer to %j", async (args) => {
    const [expected, answer] = [await call(fromRecording, args), await call(fromDatabricks, args)];
    expect(expected.isError).toBe(false);
    expect(answer.structured).toEqual(expected.structured);
    expect(answer.text).toBe(expected.text);
  });
});

describe("Spark behind the same wire", () => {
  const servers: ServerDefinition[] = [];
  afterAll(async () => {
    for (const server of servers) await server.close?.();
  });
  async function serverOf(table: string, env: Readonly<Record<string, string>> = {}): Promise<ServerDefinition> {
    const recording = await openRecording(join(RECORDINGS, "healthy-peak"));
    const environment = { ...environmentOf(recording, table, COLUMNS), ...env };
    const server = await buildServer(readEnvironment(configSchema, environment));
    servers.push(server);
    return server;
  }
  const ask = (server: ServerDefinition, signal?: AbortSignal) => call(server, { service: "storefront" }, signal);

  it("stops a statement whose question is given up", async () => {
    const columns = HISTORY_COLUMNS.filter((column) => column !== "id").map((column) => `'' AS ${column}`);
    await spark.prepare(
      `CREATE VIEW ops.slow AS SELECT CAST(a.id * b.id AS STRING) AS id, ${columns.join(", ")}
        FROM range(10000000) AS a CROSS JOIN range(1000000) AS b`,
    );
    const server = await serverOf("ops.slow", { ONCALL_HISTORY_COLUMNS: "" });
    const before = outcomes.length;
    const { structured } = await ask(server, AbortSignal.timeout(8_000));
    expect(structured).toMatchObject({ outcome: "could_not_look" });
    await expect.poll(() => outcomes.length, { timeout: 20_000 }).toBe(before + 1);
    expect(outcomes[before]).toMatchObject({ error: { cancelled: true } });
    expect(databricks.seen).toContain("CancelOperation");
    await expect.poll(() => databricks.open.sessions).toBe(0);
  });

  it("says that a table is not there, and which variable names it", async () => {
    const { structured } = await ask(await serverOf("ops.no_such_table"));
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "bad_response" });
    expect(structured["message"]).toMatch(/has no ops\.no_such_table that .*check ONCALL_HISTORY_TABLE/);
  });

  it("says which column is not there, and which variable names it", async () => {
    const server = await serverOf("ops.untidy", { ONCALL_HISTORY_COLUMNS: "severity=urgency" });
    const { structured } = await ask(server);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "bad_response" });
    expect(structured["message"]).toMatch(/no such column in ops\.untidy: urgency; .*ONCALL_HISTORY_COLUMNS/);
  });

  it("tells a check-up what was granted, by the statement that Unity Catalog answers", async () => {
    // Open-source Spark grants nothing: these stand in for Unity Catalog's own, with its columns.
    const schema = "CREATE DATABASE IF NOT EXISTS information_schema";
    await spark.prepare(
      schema,
      "CREATE FUNCTION is_account_group_member(name STRING) RETURNS BOOLEAN RETURN name = 'on-call'",
      `CREATE TABLE information_schema.table_privileges USING delta AS SELECT * FROM VALUES
        ('ops', 'healthy_peak', 'SELECT', 'on-call', 'NONE'),
        ('ops', 'healthy_peak', 'MODIFY', 'on-call', 'SCHEMA'),
        ('ops', 'healthy_peak', 'ALL PRIVILEGES', 'somebody else', 'NONE'),
        ('ops', 'bad_deployment_three_hops', 'SELECT', 'on-call', 'CATALOG')
        AS t(table_schema, table_name, privilege_type, grantee, inherited_from)`,
      `CREATE TABLE information_schema.tables USING delta AS SELECT * FROM VALUES
        ('ops', 'healthy_peak', session_user()), ('ops', 'bad_deployment_three_hops', 'somebody else')
        AS t(table_schema, table_name, table_owner)`,
    );
    const options = { signal: AbortSignal.timeout(100_000), service: "storefront", mayWake: true };
    const findings = await (await serverOf("ops.healthy_peak")).examine?.(options);
    expect(findings?.map(({ check, status }) => `${check} ${status}`)).toEqual([
      ...["reachable ok", "authenticated ok", "data ok", "privilege warning"],
    ]);
    expect(findings?.[2]?.message).toMatch(/^storefront's newest incident is .* old; \d+ of it, \d+ in all$/);
    expect(findings?.[3]?.message).toMatch(/MODIFY on the schema \(on-call\)/);
    expect(findings?.[3]?.message).toMatch(/OWNERSHIP on the table/);
    expect(findings?.[3]?.message).not.toContain("somebody else");
    expect(findings?.[3]?.cure).toContain("REVOKE MODIFY ON SCHEMA `ops` FROM `on-call`;");
    expect(findings?.[3]?.cure).toContain("GRANT SELECT ON TABLE `ops`.`healthy_peak` TO");
    const [, , , reads] = (await (await serverOf("ops.bad_deployment_three_hops")).examine?.(options)) ?? [];
    expect(reads).toMatchObject({ check: "privilege", status: "ok" });
  });
});
