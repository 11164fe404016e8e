import type { Meaning } from "../signals/role.ts";
import type { CleanSeries } from "./clean.ts";
import type { Climb } from "./climb.ts";
import type { Span } from "./span.ts";
import type { Usual } from "./usual.ts";

/** The stretches that are compared, in epoch milliseconds, each without its start and with its end. */
export interface Periods {
  readonly baselineFrom: number;
  /** Where the baseline ends: at `leadFrom` where that leaves enough samples, else at `from`. */
  readonly baselineTo: number;
  /** An effect is looked for from here on, since it may begin a little before the window. */
  readonly leadFrom: number;
  readonly from: number;
  /** The window's end, or the end of the data where all series end before it. */
  readonly to: number;
}

/** What is known beside the series itself. */
export interface Known {
  /** The service's usual traffic: it tells how much chance there is in one sample. */
  readonly requestsPerSecond?: number | undefined;
  /** Since when the service gets no requests at all, epoch ms: then it has neither errors nor latency. */
  readonly noTrafficSince?: number | undefined;
  /** Earlier incidents that are known of: no part of what is usual. */
  readonly incidents?: readonly Span[];
  /** Where the series was found to climb steadily since before the window. */
  readonly climb?: Climb | undefined;
}

export interface About {
  readonly service: string;
  readonly signal: string;
  readonly meaning: Meaning;
  readonly series: CleanSeries;
}

/** A signal that could be measured against its usual. */
export interface Measured extends About {
  readonly status: "measured";
  readonly change: "up" | "down" | "usual";
  /** Whether the change is in the direction that is bad news for this signal. */
  readonly bad: boolean;
  /** How unusual and how surely so, 0 (not at all) to 1. */
  readonly score: number;
  /** Robust deviations of the turned stretch's median, signed. */
  readonly deviation: number;
  /** Median of the turned stretch; of the window when nothing turned. */
  readonly value: number;
  /** The sample farthest from usual in that stretch. */
  readonly worst: number;
  readonly usual: Usual;
  /** Stamp of the first unusual sample, epoch ms; null when nothing turned. May lie before the window. */
  readonly onset: number | null;
  /** Stamp of the first usual sample after it, epoch ms; null when it is still on, or nothing turned. */
  readonly recoveredAt: number | null;
  /** It climbs steadily, and the onset is where the climb began. */
  readonly climbs: boolean;
  /** Whether the samples show the turn itself: false when it was unusual in the first sample after a hole. */
  readonly seenTurning: boolean;
  /** First and last stamp of the stretch that `value` speaks of, epoch ms. */
  readonly stretch: Span;
}

/** A signal that reported before and no longer does. */
export interface Stopped extends About {
  readonly status: "stopped";
  readonly lastSeen: number;
  /** Whether it fell silent in or right before the window after reporting steadily: the silence may be the incident's. */
  readonly recent: boolean;
  readonly usual: Usual | undefined;
}

/** A signal of requests whose service gets none: it says nothing of the service's health, neither way. */
export interface NoTraffic extends About {
  readonly status: "no_traffic";
  readonly since: number;
  readonly usual: Usual | undefined;
}

/** A signal with too few samples to compare: before the window, or in it (its period may be longer than the window). */
export interface Unmeasured extends About {
  readonly status: "too_few_samples";
  readonly before: number;
  readonly inWindow: number;
}

export type SignalChange = Measured | Stopped | NoTraffic | Unmeasured;
