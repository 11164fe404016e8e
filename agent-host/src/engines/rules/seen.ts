import type { z } from "zod";
import type { BlameSign } from "../../signs/blame.ts";
import type {
  Change,
  HistoryAnswer,
  LogPattern,
  LogsAnswer,
  MetricSuspect,
  MetricsAnswer,
} from "../../tools/answers.ts";

/** How one that is blamed stands by its own evidence. */
export type Standing =
  /** It fails: by its figures, or by its own log. */
  | "failing"
  /** It is slow or full, and answers without errors. */
  | "slow"
  /** It was looked at and is as ever. */
  | "well"
  /** Neither figures nor log of it could be seen. */
  | "unseen";

/** A caller's log puts its trouble down to what it calls. */
export interface Blame {
  readonly caller: string;
  readonly callee: string;
  readonly says: BlameSign;
  /** The line of the event that names the callee. */
  readonly line: string;
  readonly pattern: LogPattern;
  readonly standing: Standing;
}

/** What several services in trouble stand on, nothing measures, and says in its own log that it is in trouble. */
export interface Ground {
  readonly name: string;
  /** Those in trouble that depend on it. */
  readonly dependents: readonly string[];
  readonly pattern: LogPattern;
}

/** All that the rules saw. A part is undefined when its server could not look. */
export interface Seen {
  readonly service: string;
  /** Names of what a service or resource depends on, by the catalog. */
  readonly dependsOn: (name: string) => readonly string[];
  readonly metrics: z.infer<typeof MetricsAnswer> | undefined;
  /** All signals of those that were measured by themselves. */
  readonly closer: ReadonlyMap<string, MetricSuspect>;
  readonly logs: ReadonlyMap<string, LogsAnswer>;
  readonly changes: readonly Change[] | undefined;
  /** Whose own changes were read in full. */
  readonly inFull: ReadonlySet<string>;
  readonly history: HistoryAnswer["stats"] | undefined;
  /** Evidence id of the section that fits best. */
  readonly runbook: string | null;
  /** When what the alert is about began, epoch milliseconds; null when neither log nor figures of its service tell. */
  readonly began: number | null;
  /** What callers' logs say of those that they call, from the alerting service down. */
  readonly blames: readonly Blame[];
  /** Null where there is none. */
  readonly ground: Ground | null;
  /** When the alert fired, epoch milliseconds. */
  readonly page: number;
}
