import type { CouldNotLook, CouldNotLookReason } from "@oncall-copilot/core";

/** What is asked of a metrics backend: every series of some services over a stretch of time. */
export interface SeriesQuery {
  /** Catalog names. A backend asks for all of them at once: one query per signal, or one batch. */
  readonly services: readonly string[];
  /** Epoch milliseconds, excluded: a sample stamped here speaks of the time before. */
  readonly from: number;
  /** Epoch milliseconds, included. */
  readonly to: number;
  /** Only these signals; every signal the backend knows when absent. */
  readonly signals?: readonly string[];
  /** Aborts when the caller cancels or the deadline passes. */
  readonly abort: AbortSignal;
}

/** Samples of one signal of one service, oldest first. Periods may be irregular, and a value may be NaN. */
export interface Series {
  readonly service: string;
  /** Snake case, the unit last (`latency_p99_seconds`). */
  readonly signal: string;
  /** Epoch milliseconds, strictly ascending; a sample is stamped at the end of its period. */
  readonly times: readonly number[];
  /** As many as there are times. NaN or an infinity where the source had no number. */
  readonly values: readonly number[];
  /** The backend's query for this series alone, or its graph, where it has such a thing; `url` links to it. */
  readonly query?: string;
  /** The name of the backend that it comes from, where several serve one call. */
  readonly backend?: string;
}

/** A signal that a backend could not be asked for, or did not give: that it is absent says nothing. */
export interface Unread {
  readonly signal: string;
  /** Whose signal it is; undefined where it was asked of all the services at once. */
  readonly service: string | undefined;
  /** The backend's own words, and what to do. */
  readonly why: string;
  readonly reason: CouldNotLookReason;
}

/** What a backend had to say. */
export interface SeriesFound {
  /** Series with at least one sample, of each service and signal at most one; one that is absent has none. */
  readonly series: readonly Series[];
  /** What of the question it could not answer, and why, a line each. */
  readonly gaps: readonly string[];
  /** Signals that failed while others did not. */
  readonly unread?: readonly Unread[];
  /** Where some of it failed: then no series at all is no sign that there are none. */
  readonly failure?: CouldNotLook | undefined;
}

/** What is asked about alarms: those on the services' own resources, over a stretch of time. */
export type AlarmsQuery = Omit<SeriesQuery, "signals">;

/** An alarm that changed its state in the time asked about, or that has been in ALARM since before it. */
export interface AlarmChange {
  readonly service: string;
  readonly alarm: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The state before; undefined for one that has been in ALARM since before the time asked about. */
  readonly from: string | undefined;
  /** `ALARM`, `OK`, `INSUFFICIENT_DATA`. */
  readonly to: string;
  /** The backend's own words, untrusted; empty where it gives none. */
  readonly reason: string;
  readonly url: string;
}

export interface AlarmsFound {
  readonly changes: readonly AlarmChange[];
  readonly gaps: readonly string[];
}

/** The port: what read_metrics needs from a backend, and no more. */
export interface MetricsStore {
  /** Named in errors, e.g. `recording checkout-outage`. */
  readonly name: string;
  /** Throws CouldNotLook when nothing at all could be seen. */
  series(query: SeriesQuery): Promise<SeriesFound>;
  /** Where a person sees a series, or the service's signals when it is absent, over a stretch of time (epoch ms). */
  url(service: string, series: Series | undefined, from: number, to: number): string;
  /** The labels or names, with their values, by which a service is looked for: `service='cart' or job=~'...'`. */
  lookedFor?(service: string): string;
  /** For backends that keep alarms. Throws CouldNotLook. */
  alarms?(query: AlarmsQuery): Promise<AlarmsFound>;
}
