import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ConfigError } from "@oncall-copilot/core";
import { examineServer, readEnvironment } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { buildServer, configSchema } from "../../servers/history/src/server.ts";
import { DuckDb } from "../../servers/history/src/stores/duckdb.ts";
import { cleanupRecordings } from "../support/recording.ts";
import { historyServer, incident } from "./ask.ts";

const LIMITS = { memoryMb: 512, threads: 2 };
const HOUR = 60;
const ROWS = [
  incident({ id: "INC-1", start: -2 * HOUR, lasted: 12, cause: "disk full", fix: "freed it", worked: true }),
  incident({ id: "INC-2", start: -9 * HOUR, lasted: 18, cause: "disk full", fix: "freed it", worked: false }),
];
const asked = { service: "storefront", alert: "HighErrorRate", fingerprint: "00000000000000aa" };

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "oncall-history-"));
  await writeFile(join(dir, "it's.ndjson"), ROWS.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const instance = await DuckDBInstance.create(join(dir, "incidents.duckdb"));
  const connection = await instance.connect();
  // Typed columns, as a warehouse exports them: timestamps with a zone and a real boolean.
  await connection.run(
    `CREATE TABLE incidents AS SELECT * REPLACE (started_at::TIMESTAMPTZ AS started_at, fix_worked::BOOLEAN AS fix_worked) FROM read_json('${join(dir, "it''s.ndjson")}')`,
  );
  await connection.run(`COPY incidents TO '${join(dir, "incidents.parquet")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
});
afterAll(async () => {
  await cleanupRecordings();
  await rm(dir, { recursive: true, force: true });
});

describe("a history of one's own", () => {
  test.each(["it's.ndjson", "incidents.parquet", "incidents.duckdb"])(
    "answers from %s as from a recording",
    async (name) => {
      const recorded = await historyServer({ history: ROWS });
      const own = await historyServer({}, { ONCALL_HISTORY_FILE: join(dir, name) });
      const { stats, matches } = await own.ask(asked);
      const expected = await recorded.ask(asked);
      expect(matches).toEqual(expected.matches);
      expect({ ...stats, evidence: undefined }).toEqual({ ...expected.stats, evidence: undefined });
      expect(stats?.evidence.text).toBe(expected.stats?.evidence.text);
      expect(stats?.evidence.url).toBe(`history:${encodeURIComponent(name)}`);
      await own.server.close?.();
    },
  );

  test("knows an instant by its offset, whatever that is, and takes one without for UTC", async () => {
    const moments = [
      "2026-02-28T23:30:00+05:30",
      "2026-02-28T13:00:00-05:00",
      "2026-02-28T18:00:00Z",
      "2026-02-28 18:00:00",
    ];
    const history = moments.map((started_at, index) => ({
      ...incident({ id: `INC-${index}`, start: -1 }),
      started_at,
    }));
    const { ask } = await historyServer({ history });
    const { incidents } = await ask(asked);
    expect(incidents.map(({ started_at }) => started_at)).toEqual(moments.map(() => "2026-02-28T18:00:00Z"));
  });

  test("needs a catalog beside it, and an ending that tells what it is", async () => {
    const catalog = "test/recordings/healthy-peak/catalog.yaml";
    const build = (env: Readonly<Record<string, string>>) => buildServer(readEnvironment(configSchema, env));
    await expect(build({})).rejects.toThrow(/ONCALL_RECORDING[\s\S]*ONCALL_HISTORY_FILE/);
    await expect(build({ ONCALL_HISTORY_FILE: join(dir, "incidents.parquet") })).rejects.toThrow(/set ONCALL_CATALOG/);
    await expect(build({ ONCALL_HISTORY_FILE: "incidents.xlsx", ONCALL_CATALOG: catalog })).rejects.toThrow(
      /must end in/,
    );
    await expect(build({ ONCALL_HISTORY_FILE: "no/such.parquet" })).rejects.toThrow(ConfigError);
  });

  test("is told by the check-up with the age of its newest incident, and is not loaded for a start", async () => {
    const { server } = await historyServer({}, { ONCALL_HISTORY_FILE: join(dir, "incidents.parquet") });
    const told = async (mayWake: boolean, service?: string) =>
      (await examineServer(server, { service, mayWake })).map((one) => `${one.check} ${one.status}: ${one.message}`);
    expect(await told(true, "storefront")).toEqual([
      "reachable ok: can be read",
      "data ok: storefront's newest incident is 2 h old; 2 of it, 2 in all",
    ]);
    expect(await told(true, "pricing-db")).toEqual([
      "reachable ok: can be read",
      "data warning: none of the 2 incidents is of pricing-db",
    ]);
    expect(await told(false)).toEqual(["configured ok: is there; it was not read"]);
    await server.close?.();
  });

  test("could not look where a column is missing, and names it", async () => {
    const file = join(dir, "narrow.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT 'INC-1' AS id, 'x' AS alert) TO '${file}' (FORMAT parquet)`);
    instance.closeSync();
    const { call } = await historyServer({}, { ONCALL_HISTORY_FILE: file });
    expect((await call(asked)).structured).toMatchObject({
      outcome: "could_not_look",
      reason: "bad_response",
      message: expect.stringMatching(/^narrow\.parquet has no column service, started_at$/),
    });
  });
});

describe("the database", () => {
  const open = () => new DuckDb({ kind: "ndjson", file: join(dir, "it's.ndjson"), name: "it's.ndjson" }, LIMITS);
  const never = new AbortController().signal;
  const Anything = z.record(z.string(), z.unknown());

  test.each([
    ["reads no other file", `SELECT * FROM read_text('/etc/hostname')`],
    ["writes no file", `COPY incidents TO '/tmp/oncall-should-not-be.csv'`],
    ["attaches nothing", `ATTACH '/tmp/oncall-should-not-be.duckdb'`],
    ["loads no extension", "LOAD httpfs"],
    ["takes no setting back", "SET enable_external_access = true"],
  ])("%s once its own is loaded", async (_, sql) => {
    const database = open();
    const causes: unknown[] = [];
    await database
      .session(never, (session) => session.all(sql, {}, Anything))
      .catch((error: Error) => causes.push(error.cause));
    expect(causes).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/disabled|not allowed|locked|Permission|external access/i),
      }),
    ]);
    await database.close();
  });

  test("keeps what one question sets aside from every other", async () => {
    const database = open();
    const two = ["a", "b"].map((value) =>
      database.session(never, async (session) => {
        await session.run("CREATE TEMP TABLE aside AS SELECT $value AS value", { value });
        return session.all("SELECT value FROM aside", {}, Anything);
      }),
    );
    expect(await Promise.all(two)).toEqual([[{ value: "a" }], [{ value: "b" }]]);
    await database.close();
  });

  test("interrupts the statement that runs when its caller gives up, and still answers the next", async () => {
    const database = open();
    await database.session(never, (session) => session.all("SELECT 1 AS one", {}, Anything));
    const controller = new AbortController();
    const long = database.session(controller.signal, (session) =>
      session.all(
        "SELECT count(*) AS n FROM range(100000000000) a, range(1000) b WHERE a.range % 7 = b.range",
        {},
        Anything,
      ),
    );
    setTimeout(() => controller.abort(new Error("gave up")), 50);
    await expect(long).rejects.toThrow();
    expect(await database.session(never, (session) => session.all("SELECT 2 AS two", {}, Anything))).toEqual([
      { two: 2 },
    ]);
    await database.close();
  });

  test("does not keep a failed load: a file that appears later is read", async () => {
    const file = join(dir, "later.ndjson");
    const database = new DuckDb({ kind: "ndjson", file, name: "later.ndjson" }, LIMITS);
    const count = () =>
      database.session(never, (session) =>
        session.all("SELECT CAST(count(*) AS DOUBLE) AS n FROM incidents", {}, Anything),
      );
    await expect(count()).rejects.toThrow(/later\.ndjson cannot be read/);
    await writeFile(file, `${JSON.stringify(ROWS[0])}\n`);
    expect(await count()).toEqual([{ n: 1 }]);
    await database.close();
  });
});
