import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { ConfigError } from "@oncall-copilot/core";
import type { HistoryStore } from "../store.ts";
import type { DuckDbLimits } from "./duckdb.ts";
import type { SourceKind } from "./duckdb-sql.ts";
import { duckDbHistory } from "./incidents.ts";

const KINDS: readonly (readonly [ending: RegExp, kind: SourceKind])[] = [
  [/\.(?:duckdb|db|ddb)$/i, "duckdb"],
  [/\.parquet$/i, "parquet"],
  [/\.(?:ndjson|jsonl)(?:\.gz)?$/i, "ndjson"],
];

/** A history of one's own: a DuckDB database with a table `incidents`, a Parquet file or NDJSON, plain or gzipped. */
export function fileHistory(path: string, limits: DuckDbLimits): HistoryStore {
  const file = resolve(path);
  const name = basename(file);
  const kind = KINDS.find(([ending]) => ending.test(name))?.[1];
  if (kind === undefined) {
    throw new ConfigError(`ONCALL_HISTORY_FILE: ${path} must end in .duckdb, .parquet, .ndjson or .ndjson.gz`);
  }
  if (!existsSync(file)) throw new ConfigError(`ONCALL_HISTORY_FILE: there is no file ${path}`);
  // Named, not located: where the operator keeps it is no business of a client's.
  const url = `history:${encodeURIComponent(name)}`;
  return duckDbHistory(
    { kind, file, name },
    { name, url, incidentUrl: (id) => `${url}#${encodeURIComponent(id)}` },
    limits,
  );
}
