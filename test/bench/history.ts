import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { alertFingerprint, createLogger, EvidenceKey } from "@oncall-copilot/core";
import { readEnvironment, runCall } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "@oncall-copilot/history";
import { HISTORY_COLUMNS } from "../../servers/history/src/stores/columns.ts";
import { loadSql } from "../../servers/history/src/stores/duckdb-sql.ts";
import { cachedFolder } from "./cache.ts";
import { interleaved, median, ratio, rounded } from "./measure.ts";
import type { BenchOptions, Section } from "./section.ts";
import { DEMO } from "./start.ts";

export const INCIDENTS = 1_000_000;
export const ASKED = {
  service: "storefront",
  alert: "StorefrontLatencyHigh",
  summary: "storefront: 1 % of requests take longer than 3.9s",
};

/** A million incidents over ten years, the same ones every time; DuckDB makes them from hashes of their numbers. */
export function millionIncidents(): Promise<string> {
  return cachedFolder("history-1e6-seed-1", async (folder) => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const services = [
      "storefront",
      "checkout",
      "cart",
      "search",
      "accounts",
      "pricing",
      "promotions",
      "payments",
      "shipping",
      "catalogue",
    ];
    const alerts = [
      "StorefrontLatencyHigh",
      "ErrorRatioHigh",
      "CrashLooping",
      "DiskFull",
      "QueueGrowing",
      "CertificateExpires",
    ];
    const pick = (list: readonly string[], salt: number) =>
      `[${list.map((word) => `'${word}'`).join(", ")}][1 + (hash(i * 31 + ${salt}) % ${list.length})::INT]`;
    const causes = [
      "its own connection pool is exhausted",
      "a slow query",
      "certificate expired",
      "too little memory",
      "object store: elevated latency",
      "a bad deployment",
    ];
    const fixes = [
      "reverted commit 4f2a91c",
      "restarted the pods",
      "raised the limit",
      "renewed the certificate",
      "scaled out",
      "resolved by itself",
    ];
    // What a fingerprint is made of has far fewer values than there are incidents: the key of each pair, looked up.
    const pairs = alerts.flatMap((alert) =>
      services.map((service) => `('${alert}', '${service}', '${alertFingerprint({ alert, service })}')`),
    );
    await connection.run(`
      COPY (
        WITH keys(alert, service, fingerprint) AS (VALUES ${pairs.join(", ")}),
        numbered AS (SELECT i, ${pick(alerts, 1)} AS alert, ${pick(services, 2)} AS service FROM range(${INCIDENTS}) t(i))
        SELECT
          'INC-' || i AS id, fingerprint, alert, service, 'page' AS severity,
          service || ': ' || (1 + hash(i) % 40)::VARCHAR || ' % of requests are slow or fail, see order ' || (hash(i * 7) % 100000)::VARCHAR AS summary,
          strftime(TIMESTAMP '2016-11-01' + to_seconds((i * 315)::BIGINT), '%Y-%m-%dT%H:%M:%SZ') AS started_at,
          strftime(TIMESTAMP '2016-11-01' + to_seconds((i * 315 + 300 + hash(i * 3) % 9000)::BIGINT), '%Y-%m-%dT%H:%M:%SZ') AS resolved_at,
          service || ': ' || ${pick(causes, 3)} AS root_cause, ${pick(fixes, 4)} AS fix,
          hash(i * 5) % 3 > 0 AS fix_worked, 'https://github.com/example/shop/pull/' || i AS pr_url
        FROM numbered JOIN keys USING (alert, service) ORDER BY i
      ) TO '${join(folder, "history.parquet").replaceAll("'", "''")}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
  });
}

export type Statement = readonly [sql: string, values: Record<string, never> | undefined];

/** Everything that `work` asks DuckDB, in order. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const asked: Statement[] = [];
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const prototype = Object.getPrototypeOf(connection) as DuckDBConnection;
  const { run, runAndReadAll } = prototype;
  let isInner = false; // reading all begins with a run, which is the same statement
  prototype.run = function (sql, values, types) {
    if (!isInner) asked.push([sql, values as Record<string, never>]);
    return run.call(this, sql, values, types);
  };
  prototype.runAndReadAll = function (sql, values, types) {
    asked.push([sql, values as Record<string, never>]);
    isInner = true;
    const reading = runAndReadAll.call(this, sql, values, types);
    isInner = false;
    return reading;
  };
  try {
    await work();
  } finally {
    Object.assign(prototype, { run, runAndReadAll });
    connection.closeSync();
    instance.closeSync();
  }
  return asked;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** query_history over a million incidents against the raw DuckDB queries in the same process. */
export async function benchHistory({ runs = 7, progress }: BenchOptions): Promise<Section> {
  progress(`generating ${INCIDENTS} incidents, once`);
  const file = join(await millionIncidents(), "history.parquet");
  const env = { ONCALL_RECORDING: DEMO, ONCALL_HISTORY_FILE: file };
  const options = {
    key: new EvidenceKey(Buffer.alloc(32, 7)),
    log: createLogger("bench", "silent"),
    deadlineMs: 300_000,
  };
  const open = async () => {
    const server = await buildServer(readEnvironment(configSchema, env));
    const [tool] = server.tools;
    if (!tool) throw new Error("oncall-history has no tool");
    const ask = async () => {
      const { isError, text } = await runCall(server, tool, ASKED, options);
      if (isError) throw new Error(text);
    };
    return { ask, close: () => server.close?.() };
  };

  progress("loading and asking");
  const first = await open();
  const toolFirst = await timed(first.ask);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "2048MB" });
  const connection = await instance.connect();
  const rawLoad = await timed(() => connection.run(loadSql("parquet", new Set(HISTORY_COLUMNS)), { file }));
  const statements = await statementsOf(first.ask);
  /** What the tool asked, on a connection of its own, since it sets rows aside in a temporary table. */
  const same = async () => {
    const own = await instance.connect();
    for (const [sql, values] of statements) (await own.runAndReadAll(sql, values)).getRowObjects();
    own.closeSync();
  };
  const fingerprint = alertFingerprint(ASKED);
  const plain = async () => {
    for (const sql of [
      "SELECT count(*), median(epoch(resolved) - epoch(started)) FROM incidents WHERE fingerprint = $fingerprint",
      "SELECT fix, count(*) FROM incidents WHERE fingerprint = $fingerprint GROUP BY fix ORDER BY 2 DESC LIMIT 3",
      "SELECT * FROM incidents WHERE fingerprint = $fingerprint ORDER BY started DESC LIMIT 5",
    ]) {
      (await connection.runAndReadAll(sql, { fingerprint })).getRowObjects();
    }
  };
  const SAME = "the same statements, raw";
  const cases = {
    [SAME]: () => timed(same),
    query_history: () => timed(first.ask),
    "three plain queries by fingerprint, no likeness": () => timed(plain),
  };
  const times = await interleaved<number>(cases, runs);
  await first.close();
  connection.closeSync();
  instance.closeSync();
  return {
    title: `query_history over ${INCIDENTS.toLocaleString("en")} incidents`,
    about: `Parquet, in one process; medians of ${runs} interleaved runs. The first call loads the history.`,
    head: ["case", "ms", "ratio"],
    rows: [
      ["load, raw", Math.round(rawLoad), 1],
      ["query_history, first call: load and ask", Math.round(toolFirst), rounded(toolFirst / rawLoad)],
      ...Object.entries(times).map(([name, ms]) => [name, rounded(median(ms)), rounded(ratio(ms, times[SAME] ?? []))]),
    ],
    goals: [],
  };
}
