import { CouldNotLook } from "@oncall-copilot/core";
import type { Recording } from "@oncall-copilot/core/recording";
import type { HistoryStore } from "../store.ts";
import type { DuckDbLimits } from "./duckdb.ts";
import { duckDbHistory } from "./incidents.ts";

/** The history of a recording: `history.ndjson.gz`. */
export function recordedHistory(recording: Recording, limits: DuckDbLimits): HistoryStore {
  const name = `the history of recording ${recording.name}`;
  const url = recording.url("history");
  const file = recording.path("history");
  if (file === undefined) {
    return {
      name,
      url,
      past: async () => {
        throw new CouldNotLook("not_recorded", "this recording has no history (history.ndjson.gz)");
      },
      close: async () => {},
    };
  }
  return duckDbHistory(
    { kind: "ndjson", file, name: "history.ndjson.gz" },
    { name, url, incidentUrl: (id) => recording.url("history", encodeURIComponent(id)) },
    limits,
  );
}
