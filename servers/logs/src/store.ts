import type { Window } from "@oncall-copilot/core";
import type { Level, LevelCounts } from "./levels.ts";

/** What is asked of a backend: one service's events in two stretches of equal length, one right after the other. */
export interface LogQuery {
  /** Catalog name, as it stands in `service.name`. */
  readonly service: string;
  readonly window: Window;
  readonly before: Window;
  /** This level and worse; every one when undefined. */
  readonly level: Level | undefined;
  /** Case-insensitive substring of the whole event. */
  readonly contains: string | undefined;
  /** Into how many parts of equal length the window is counted. */
  readonly buckets: number;
}

export interface Sample {
  /** The event as it was logged, a stack trace with its lines: the whole of it, or its beginning. */
  readonly text: string;
  /** Characters of the whole event. */
  readonly length: number;
  /** When it was logged. */
  readonly at: number;
  /** Where a person sees it. */
  readonly url: string;
}

/** Events that say the same with other values in it. Times are epoch milliseconds, counts are exact. */
export interface PatternCount {
  readonly level: Level;
  /** The words all of them share, `<*>` where they differ. */
  readonly template: string;
  readonly count: number;
  readonly before: number;
  /** First and last seen, in either stretch. */
  readonly first: number;
  readonly last: number;
  /** The first event in the window or, when it has none there, the last one before. */
  readonly sample: Sample;
  /** What structured lines say beside their message, in words; empty or undefined when nothing is known of that. */
  readonly fields?: string;
  /** Every line of the window says the very same, and names one input by an id, an offset or a key. */
  readonly repeats?: boolean;
}

/** How much of a stretch the backend holds any service's lines for. */
export interface Coverage {
  /** Milliseconds. */
  readonly covered: number;
  /** The parts it holds nothing for, in order. */
  readonly holes: readonly Window[];
}

export interface LogReading {
  /** Events that pass the query's filters. */
  readonly counts: { readonly window: LevelCounts; readonly before: LevelCounts };
  /** The window in equal parts, in order. */
  readonly series: readonly LevelCounts[];
  readonly patterns: readonly PatternCount[];
  /** Events in the window, filtered or not. */
  readonly unfiltered: number;
  /** Where a person sees the log that was read. */
  readonly url: string;
  readonly coverage: { readonly window: Coverage; readonly before: Coverage };
  /** What could not be read although the rest could, in words. */
  readonly gaps: readonly string[];
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/**
 * The port: one question, which a recording answers in one pass and a search engine by aggregations, with the patterns
 * mined from a bounded sample of the distinct messages.
 */
export interface LogStore {
  read(query: LogQuery, options: ReadOptions): Promise<LogReading>;
}
