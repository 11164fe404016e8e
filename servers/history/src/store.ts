/** What is asked of the past. Times are epoch milliseconds. */
export interface HistoryQuestion {
  /** The alert's fingerprint, 16 hex digits, or null when neither it nor an alert is known. */
  readonly fingerprint: string | null;
  /** Whether the caller gave that fingerprint; a computed one may miss labels, so alert and service stand in for it. */
  readonly exact: boolean;
  readonly alert: string | null;
  /** Catalog name. */
  readonly service: string;
  /** Lower-case words of the symptom, most telling first; at most {@link MAX_WORDS}. */
  readonly words: readonly string[];
  /** Nothing that began at or after this moment is seen, nor what became known at a later one. */
  readonly now: number;
  /** Most incidents to bring over as rows. */
  readonly most: number;
}

/** More words than this would cost time and tell nothing new. */
export const MAX_WORDS = 12;

/**
 * What is blanked in a fix or cause, in this order, so that two reverts of two commits are one kind of fix: a regular
 * expression, all of whose matches become the other text. Written in what DuckDB's, Java's, Snowflake's and JavaScript's engines
 * share.
 */
export const BLANKS: readonly (readonly [pattern: string, stand_in: string])[] = [
  ["\\b[0-9a-f]{7,40}\\b", "<commit>"],
  ["\\bv?\\d+(\\.\\d+)+\\b", "<version>"],
  ["\\d+", "<n>"],
  ["(\\s|[.;,])+$", ""],
];

export type Match = "fingerprint" | "alike";

export interface PastIncident {
  readonly id: string;
  readonly match: Match;
  /** 0 to 1; 1 for the same fingerprint. */
  readonly likeness: number;
  readonly alert: string;
  readonly service: string;
  readonly severity: string | null;
  readonly summary: string;
  readonly startedAt: number;
  /** Null while it was still open at the question's moment; then its cause and fix are null as well. */
  readonly resolvedAt: number | null;
  /** Whether its end is written in a way that cannot be read, or before its start: it is over, and since when is not known. */
  readonly endUnreadable: boolean;
  readonly rootCause: string | null;
  readonly fix: string | null;
  readonly fixWorked: boolean | null;
  readonly prUrl: string | null;
  /** What this system proposed then, and what people made of it. */
  readonly proposal: string | null;
  /** Where a person sees this incident's row. */
  readonly url: string;
}

/** Root causes that are one but for what {@link BLANKS} blanks, and how often they were it. */
export interface CauseRecord {
  readonly rootCause: string;
  readonly count: number;
}

/** Fixes that are one but for what {@link BLANKS} blanks, and how they went each time they were tried. */
export interface FixRecord {
  /** As the latest of them says it. */
  readonly fix: string;
  readonly worked: number;
  readonly failed: number;
  /** Times it was tried without a word on whether it worked. */
  readonly unknown: number;
  /** Of the incidents that it closed, seconds from start to resolution. */
  readonly medianSeconds: number | null;
}

export interface Statistics {
  /** Which incidents these figures are over: those of the same fingerprint, or the alike ones when there is none. */
  readonly basis: Match;
  readonly count: number;
  /** Still unresolved at the question's moment. */
  readonly open: number;
  readonly last90Days: number;
  readonly last365Days: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Time to resolve in seconds; null when none was resolved. */
  readonly medianSeconds: number | null;
  readonly p25Seconds: number | null;
  readonly p75Seconds: number | null;
  /** Began on the question's weekday (UTC), and within an hour of its hour. */
  readonly sameWeekday: number;
  readonly sameHour: number;
  /** Resolved incidents whose cause is known. */
  readonly withCause: number;
  /** Each as the latest of its kind says it; most frequent first. */
  readonly rootCauses: readonly CauseRecord[];
  /** Distinct fixes, and the most often successful of them. */
  readonly distinctFixes: number;
  readonly fixes: readonly FixRecord[];
}

export interface Past {
  /** Incidents before the question's moment. */
  readonly searched: number;
  /** Rows left out since they have no readable start. */
  readonly unreadable: number;
  /** Rows whose id another row has: each such incident counts once. */
  readonly repeated: number;
  /** Incidents whose end cannot be read. */
  readonly endsUnreadable: number;
  readonly matches: Readonly<Record<Match, number>>;
  /** Null when nothing matches. */
  readonly statistics: Statistics | null;
  /** Same fingerprint first, then by likeness; the most recent first among equals. */
  readonly incidents: readonly PastIncident[];
  /** What could not be read, and why, where a history is read from two places. */
  readonly unread: readonly string[];
}

/** How a question is asked. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Tells a waiting caller what is being waited for: a file that is loaded, a warehouse that starts. */
  progress(message: string): void;
}

/** The port: what the tool needs from wherever past incidents are kept. */
export interface HistoryStore {
  /** What it is, for a message: `recording NAME`, a file's name. */
  readonly name: string;
  /** Where a person sees the whole of it. */
  readonly url: string;
  past(question: HistoryQuestion, options: ReadOptions): Promise<Past>;
  close(): Promise<void>;
}
