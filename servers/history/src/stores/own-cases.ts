import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { ConfigError } from "@oncall-copilot/core";
import type { HistoryStore, Past } from "../store.ts";
import type { DuckDbLimits } from "./duckdb.ts";
import { duckDbHistory } from "./incidents.ts";

const NOTHING: Past = {
  ...{ searched: 0, unreadable: 0, repeated: 0, endsUnreadable: 0, matches: { fingerprint: 0, alike: 0 } },
  ...{ statistics: null, incidents: [], unread: [] },
};

/** The team's own cases, out of a file that grows meanwhile: read anew when it has changed. None is there before the first case has ended. */
export function ownCases(path: string, limits: DuckDbLimits): HistoryStore {
  const file = resolve(path);
  const kind = file.endsWith(".parquet") ? "parquet" : /\.(?:ndjson|jsonl)$/.test(file) ? "ndjson" : undefined;
  if (kind === undefined) throw new ConfigError(`ONCALL_HISTORY_CASES: ${path} must end in .ndjson or .parquet`);
  const name = `the team's own cases (${basename(file)})`;
  const url = `history:${encodeURIComponent(basename(file))}`;
  const place = { name, url, incidentUrl: (id: string) => `${url}#${encodeURIComponent(id)}` };
  let loaded: { readonly stamp: string; readonly store: HistoryStore } | undefined;
  const current = async (): Promise<HistoryStore | undefined> => {
    const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (!found || found.size === 0) return undefined;
    const stamp = `${found.ino} ${found.mtimeMs} ${found.size}`;
    if (loaded?.stamp !== stamp) {
      void loaded?.store.close();
      loaded = { stamp, store: duckDbHistory({ kind, file, name }, place, limits) };
    }
    return loaded.store;
  };
  return {
    ...{ name, url },
    past: async (question, options) => (await current())?.past(question, options) ?? NOTHING,
    close: async () => loaded?.store.close(),
  };
}
