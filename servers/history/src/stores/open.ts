import { ConfigError } from "@oncall-copilot/core";
import {
  type Estate,
  type ExamineOptions,
  type Finding,
  recordingFinding,
  recordingOf,
} from "@oncall-copilot/core/server";
import type { HistoryConfig } from "../config.ts";
import type { HistoryStore } from "../store.ts";
import { besideHistory } from "./beside.ts";
import { openDatabricks } from "./databricks/open.ts";
import { examineFile } from "./examine-file.ts";
import { fileHistory } from "./file.ts";
import { ownCases } from "./own-cases.ts";
import { recordedHistory } from "./recording.ts";
import { openSnowflake } from "./snowflake/open.ts";

/** A store, and the check-up of what it stands on. */
export interface OpenStore {
  readonly store: HistoryStore;
  examine(options: ExamineOptions): Promise<readonly Finding[]>;
}

/** A backend that a variable of its own configures. `open` throws ConfigError and asks nothing yet. */
interface Backend {
  readonly variable: keyof HistoryConfig;
  readonly takes: string;
  open(config: HistoryConfig, estate: Estate): OpenStore;
}

const BACKENDS: readonly Backend[] = [
  {
    variable: "ONCALL_HISTORY_FILE",
    takes: "a .duckdb (table incidents), .parquet, .ndjson or .ndjson.gz of past incidents; with ONCALL_CATALOG",
    open: (config, estate) => {
      const store = fileHistory(config.ONCALL_HISTORY_FILE ?? "", limitsOf(config));
      return { store, examine: (options) => examineFile(store, estate, options) };
    },
  },
  {
    variable: "ONCALL_HISTORY_SNOWFLAKE_ACCOUNT",
    takes: "a Snowflake account, with ONCALL_HISTORY_TABLE and ONCALL_CATALOG",
    open: openSnowflake,
  },
  {
    variable: "ONCALL_HISTORY_DATABRICKS_URL",
    takes: "a Databricks workspace, with ONCALL_HISTORY_DATABRICKS_HTTP_PATH, ONCALL_HISTORY_TABLE and ONCALL_CATALOG",
    open: openDatabricks,
  },
];

/** The variables that each configure a backend, with what they take. */
export const CHOICES: Readonly<Record<string, string>> = {
  ONCALL_RECORDING: "folder of a recording that has a history.ndjson.gz",
  ...Object.fromEntries(BACKENDS.map(({ variable, takes }) => [variable, takes])),
  ONCALL_HISTORY_CASES: "the team's own cases (.ndjson or .parquet), alone or beside one of these; with ONCALL_CATALOG",
};

/** The more specific variable wins: a history of one's own is read even where the rest answers from a recording. */
export function openStore(config: HistoryConfig, estate: Estate): OpenStore {
  const path = config.ONCALL_HISTORY_CASES;
  if (path === undefined) return openHistory(config, estate);
  const own = ownCases(path, limitsOf(config));
  const alone = BACKENDS.every(({ variable }) => config[variable] === undefined) && estate.recording === undefined;
  if (alone) return { store: own, examine: (options) => examineFile(own, estate, options) };
  const history = openHistory(config, estate);
  return { store: besideHistory(history.store, own), examine: history.examine };
}

function openHistory(config: HistoryConfig, estate: Estate): OpenStore {
  const [chosen, another] = BACKENDS.filter(({ variable }) => config[variable] !== undefined);
  if (chosen && another) {
    throw new ConfigError(
      `set ${chosen.variable} or ${another.variable}, but not both: a history is read from one place`,
    );
  }
  if (chosen) return chosen.open(config, estate);
  const recording = recordingOf(estate);
  return {
    store: recordedHistory(recording, limitsOf(config)),
    examine: async (options) => [recordingFinding(estate, "history", options)],
  };
}

const limitsOf = (config: HistoryConfig) => ({
  memoryMb: config.ONCALL_HISTORY_MEMORY_MB,
  threads: config.ONCALL_HISTORY_THREADS,
});
