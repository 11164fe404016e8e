import { join } from "node:path";
import { createLogger, loadCatalog } from "@oncall-copilot/core";
import { openRecording, type Recording } from "@oncall-copilot/core/recording";
import { defineServer, openEstate, readEnvironment, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queryHistory } from "../../servers/history/src/query-history.ts";
import { buildServer, configSchema } from "../../servers/history/src/server.ts";
import type { HistoryStore } from "../../servers/history/src/store.ts";
import { CHOICES, openStore } from "../../servers/history/src/stores/open.ts";
import { KEY } from "../history/ask.ts";
import { privateKeyPem } from "../history/snowflake/key.ts";
import { type RunningFakesnow, startFakesnow } from "./snowflake/start.ts";

const RECORDINGS = join(import.meta.dirname, "../recordings");
const WITH_FINGERPRINT = { service: "storefront", alert: "StorefrontLatencyHigh" };

let fakesnow: RunningFakesnow;
beforeAll(async () => {
  fakesnow = await startFakesnow();
});
afterAll(async () => {
  await fakesnow?.stop();
});

async function call(server: ServerDefinition, args: object) {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent") });
}

/** A recording's incidents in a table whose columns have other names and types, as an incident tracker's export would. */
async function load(recording: Recording, database: string): Promise<void> {
  await fakesnow.run([
    `CREATE DATABASE ${database}`,
    `CREATE SCHEMA ${database}.SRE`,
    `CREATE TABLE ${database}.SRE.INCIDENTS ("Incident Id" VARCHAR, PRINT VARCHAR, ALERT VARCHAR, SVC VARCHAR, LEVEL VARCHAR, SUMMARY VARCHAR,
      OPENED_AT TIMESTAMP_TZ, CLOSED_AT TIMESTAMP_NTZ, CAUSE VARCHAR, FIX VARCHAR, WORKED BOOLEAN, LINK VARCHAR, TEAM VARCHAR)`,
  ]);
  const file = (recording.path("history") ?? "").replaceAll("'", "''");
  await fakesnow.load(`
    INSERT INTO ${database}.SRE.INCIDENTS
    SELECT id, fingerprint, alert, service, severity, summary, CAST(started_at AS TIMESTAMPTZ), CAST(resolved_at AS TIMESTAMP),
      root_cause, fix, fix_worked, pr_url, 'sre'
    FROM read_json('${file}', format = 'newline_delimited', columns = {id: 'VARCHAR', fingerprint: 'VARCHAR', alert: 'VARCHAR',
      service: 'VARCHAR', severity: 'VARCHAR', summary: 'VARCHAR', started_at: 'VARCHAR', resolved_at: 'VARCHAR', root_cause: 'VARCHAR',
      fix: 'VARCHAR', fix_worked: 'BOOLEAN', pr_url: 'VARCHAR'})`);
}

const environmentOf = (recording: Recording, database: string) => ({
  ONCALL_HISTORY_SNOWFLAKE_ACCOUNT: "myorg-myaccount",
  ONCALL_HISTORY_SNOWFLAKE_URL: fakesnow.url,
  ONCALL_HISTORY_SNOWFLAKE_USER: "oncall",
  ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: privateKeyPem(),
  ONCALL_HISTORY_TABLE: `${database}.sre.incidents`,
  ONCALL_HISTORY_COLUMNS:
    'id="Incident Id",fingerprint=print,service=svc,severity=level,started_at=opened_at,resolved_at=closed_at,root_cause=cause,fix_worked=worked,pr_url=link',
  ONCALL_CATALOG: recording.path("catalog") ?? "",
  ONCALL_AS_OF: new Date(recording.asOf).toISOString(),
});

describe.each(["bad-deployment-three-hops", "healthy-peak"])("the recording %s in Snowflake's SQL", (name) => {
  const database = name.replaceAll("-", "_").toUpperCase();
  let recording: Recording;
  let fromRecording: ServerDefinition;
  let fromSnowflake: ServerDefinition;
  let withTheRecordingsLinks: ServerDefinition;
  let store: HistoryStore;

  beforeAll(async () => {
    recording = await openRecording(join(RECORDINGS, name));
    await load(recording, database);
    const config = readEnvironment(configSchema, environmentOf(recording, database));
    fromRecording = await buildServer(configSchema.parse({ ONCALL_RECORDING: recording.dir }));
    fromSnowflake = await buildServer(config);
    ({ store } = openStore(config, await openEstate("oncall-history", config, CHOICES)));
    const linked: HistoryStore = {
      ...store,
      name: `the history of recording ${recording.name}`,
      url: recording.url("history"),
      past: async (question, options) => {
        const past = await store.past(question, options);
        const url = (id: string) => recording.url("history", encodeURIComponent(id));
        return { ...past, incidents: past.incidents.map((incident) => ({ ...incident, url: url(incident.id) })) };
      },
    };
    const catalog = await loadCatalog(recording.path("catalog") ?? "");
    withTheRecordingsLinks = defineServer({ ...fromSnowflake, tools: [queryHistory({ catalog, store: linked })] });
  });
  afterAll(async () => {
    await Promise.all([fromSnowflake?.close?.(), fromRecording?.close?.(), store?.close()]);
  });

  it.each([
    WITH_FINGERPRINT,
    { ...WITH_FINGERPRINT, summary: "no connection to offers-db free", limit: 1 },
    { ...WITH_FINGERPRINT, summary: "storefront: 1 % of requests take longer than 3.9s" },
    { ...WITH_FINGERPRINT, limit: 20 },
    { service: "storefront" },
    { service: "storefront", summary: "cache of list prices dropped by a deployment, stampede on catalogue" },
    { service: "promotions", alert: "ErrorRatioHigh" },
    { service: "promotions", alert: "NoSuchAlert", summary: "pool exhausted" },
    { service: "pricing", summary: "pool" },
    { service: "catalogue", alert: "ErrorRatioHigh", summary: "object store: elevated latency in the region" },
    { service: "shipping", alert: "PodCrashLooping", summary: "a pod restarted 9 times in ten minutes" },
    { service: "storefront", fingerprint: "0123456789abcdef" },
    { service: "storefront", fingerprint: "0123456789ABCDEF", alert: "StorefrontLatencyHigh" },
    { service: "checkout", alert: "checkOUT'; DROP TABLE incidents --", summary: 'it\'s 100 % "quoted" :now $$' },
    { service: "checkout", summary: "one two three four five six seven eight nine ten eleven twelve thirteen words" },
  ])("gives the same answer to %j, to the last byte of each receipt", async (args) => {
    const [expected, answer] = [await call(fromRecording, args), await call(withTheRecordingsLinks, args)];
    expect(expected.isError, expected.text).toBe(false);
    expect(answer.structured).toEqual(expected.structured);
    expect(answer.text).toBe(expected.text);
  });

  it("gives the same answer for every service of the catalog", async () => {
    const catalog = await loadCatalog(recording.path("catalog") ?? "");
    for (const service of catalog.names) {
      const args = { service, summary: "elevated latency, certificate expired or a bad deployment", limit: 3 };
      const [expected, answer] = [await call(fromRecording, args), await call(withTheRecordingsLinks, args)];
      expect(answer.structured).toEqual(expected.structured);
    }
  });

  it("cites the table and the incident where no link is configured", async () => {
    const { text } = await call(fromSnowflake, WITH_FINGERPRINT);
    expect(text).toContain(`url="snowflake:${database}.sre.incidents"`);
    expect(text).toMatch(new RegExp(`url="snowflake:${database}\\.sre\\.incidents#INC-\\d+"`));
  });

  it("takes one login and one statement a question, and sends nothing else", async () => {
    const server = await buildServer(readEnvironment(configSchema, environmentOf(recording, database)));
    const before = (await fakesnow.seen()).length;
    await call(server, WITH_FINGERPRINT);
    await call(server, { service: "storefront" });
    await server.close?.();
    expect((await fakesnow.seen()).slice(before)).toEqual([
      "POST /session/v1/login-request",
      "POST /queries/v1/query-request",
      "POST /queries/v1/query-request",
      "POST /session",
    ]);
  });

  it("counts columns that the table has not as null", async () => {
    const server = await buildServer(
      readEnvironment(configSchema, {
        ...environmentOf(recording, database),
        ONCALL_HISTORY_COLUMNS:
          'id="Incident Id",fingerprint=,service=svc,severity=,started_at=opened_at,resolved_at=,root_cause=,fix=,fix_worked=,pr_url=',
      }),
    );
    const { structured, text } = await call(server, WITH_FINGERPRINT);
    expect(structured).toMatchObject({ outcome: "found", stats: { median_seconds: null, fixes: [], root_causes: [] } });
    expect(text).toContain("None was resolved");
    await server.close?.();
  });

  it("says which column is not there", async () => {
    const server = await buildServer(
      readEnvironment(configSchema, {
        ...environmentOf(recording, database),
        ONCALL_HISTORY_COLUMNS: 'id="Incident Id",service=svc,started_at=opened_at',
      }),
    );
    expect((await call(server, WITH_FINGERPRINT)).structured).toMatchObject({
      outcome: "could_not_look",
      message: expect.stringContaining("ONCALL_HISTORY_"),
    });
    await server.close?.();
  });
});

describe("rows that a tracker's export has and no incident is like", () => {
  const ROWS = [
    ...Array.from({ length: 3 }, () => [
      "PD42",
      "2025-10-01T10:00:00Z",
      "2025-10-01T11:00:00Z",
      "pool exhausted",
      "raised it",
    ]),
    ["PD43", "2025-10-02T10:00:00Z", "2025-10-02T09:00:00Z", "gateway down", "waited"],
    ["PD44", "2025-10-03T10:00:00Z", "later", "gateway down", "waited"],
    ["PD45", "2025-10-04T10:00:00Z", "", "gateway down", "waited"],
    ["PD46", "2025-10-05T10:00:00Z", null, null, null],
  ] as const;

  it("are counted once, closed without a duration, and told as gaps, as those of a file are", async () => {
    const text = (value: string | null) => (value === null ? "NULL" : `'${value}'`);
    const values = ROWS.map(
      ([id, from, to, cause, fix]) =>
        `(${[id, "", "SlowStore", "storefront", "page", "slow", from, to, cause, fix].map(text).join(", ")}, TRUE, NULL)`,
    );
    await fakesnow.run([
      "CREATE DATABASE ODD",
      "CREATE SCHEMA ODD.SRE",
      `CREATE TABLE ODD.SRE.INCIDENTS (ID VARCHAR, FINGERPRINT VARCHAR, ALERT VARCHAR, SERVICE VARCHAR, SEVERITY VARCHAR, SUMMARY VARCHAR,
        STARTED_AT VARCHAR, RESOLVED_AT VARCHAR, ROOT_CAUSE VARCHAR, FIX VARCHAR, FIX_WORKED BOOLEAN, PR_URL VARCHAR)`,
      `INSERT INTO ODD.SRE.INCIDENTS VALUES ${values.join(", ")}`,
    ]);
    const recording = await openRecording(join(RECORDINGS, "healthy-peak"));
    const { ONCALL_HISTORY_COLUMNS: _, ...rest } = environmentOf(recording, "odd");
    const config = readEnvironment(configSchema, { ...rest, ONCALL_AS_OF: "2026-03-01T10:00:00Z" });
    const { structured } = await call(await buildServer(config), {
      service: "storefront",
      alert: "SlowStore",
      limit: 10,
    });
    expect(structured).toMatchObject({
      matches: { fingerprint: 5 },
      stats: { count: 5, open: 1, median_seconds: 3600, root_causes: [{ count: 3 }, { count: 1 }] },
    });
    const gaps = JSON.stringify(structured["gaps"]);
    expect(gaps).toContain("2 rows of");
    expect(gaps).toContain("3 incidents of");
    const incidents = structured["incidents"] as { id: string; duration_seconds: number | null }[];
    expect(incidents.map(({ id, duration_seconds }) => [id, duration_seconds])).toEqual([
      ["PD46", null],
      ["PD45", null],
      ["PD44", null],
      ["PD43", null],
      ["PD42", 3600],
    ]);
  });
});
