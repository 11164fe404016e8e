import { INCIDENTS, millionIncidents, timed } from "../history.ts";
import { interleaved, median, ratio, rounded } from "../measure.ts";
import type { BenchOptions, Section } from "../section.ts";
import { duckDbEngine } from "./history/duckdb.ts";
import type { Engine, OpenEngine } from "./history/engine.ts";
import { snowflakeEngine } from "./history/snowflake.ts";

/** What answers query_history here. Another warehouse is a line. */
const ENGINES: Readonly<Record<string, OpenEngine>> = {
  "DuckDB, a Parquet file": duckDbEngine,
  "Snowflake's SQL in fakesnow": snowflakeEngine,
};
const MAX_RATIO = 1.3;

/** query_history over a million incidents against the raw SQL it stands on, by each engine, in the same run. */
export async function benchRealHistory({ runs = 5, progress }: BenchOptions): Promise<Section> {
  progress(`generating ${INCIDENTS} incidents, once`);
  const folder = await millionIncidents();
  const rows: (string | number)[][] = [];
  const goals: Section["goals"][number][] = [];
  for (const [name, open] of Object.entries(ENGINES)) {
    progress(`${name}: loading and asking`);
    const engine = await open(folder);
    try {
      const { row, times } = await measured(name, engine, runs);
      rows.push(row);
      goals.push({ what: `query_history, ${name}: times its raw SQL`, measured: times, most: MAX_RATIO });
    } finally {
      await engine.close();
    }
  }
  return {
    title: `query_history over ${INCIDENTS.toLocaleString("en")} incidents, by engine`,
    about: `Medians of ${runs} interleaved runs; the ratio is the median over the rounds. What loads is loaded before, and each session is open.`,
    head: [
      "engine",
      "raw SQL, ms",
      "query_history, ms",
      "ratio",
      "answer tokens",
      "statements a call",
      "requests a call",
    ],
    rows,
    goals,
  };
}

async function measured(name: string, engine: Engine, runs: number) {
  const { tokens, statements, requests } = await engine.count();
  const times = await interleaved<number>({ raw: () => timed(engine.raw), tool: () => timed(engine.ask) }, runs);
  const [raw, tool] = [times["raw"] ?? [], times["tool"] ?? []];
  const factor = rounded(ratio(tool, raw));
  const row = [name, rounded(median(raw)), rounded(median(tool)), factor, tokens, statements, requests];
  return { row, times: factor };
}
