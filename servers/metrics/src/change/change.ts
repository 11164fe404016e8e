import { type Meaning, meaningOf } from "../signals/role.ts";
import type { CleanSeries } from "./clean.ts";
import { median } from "./statistics.ts";
import { heaviestTurn } from "./turn.ts";
import { type Usual, usualOf } from "./usual.ts";

/** The stretches that are compared, in epoch milliseconds: the baseline is (baselineFrom, from], the window (from, to]. */
export interface Periods {
  readonly baselineFrom: number;
  readonly from: number;
  readonly to: number;
}

interface About {
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
  /** How unusual, 0 (not at all) to 1. */
  readonly score: number;
  /** Robust deviations of the turned stretch's median, signed. */
  readonly deviation: number;
  /** Median of the turned stretch; of the window when nothing turned. */
  readonly value: number;
  /** The sample farthest from usual in that stretch. */
  readonly worst: number;
  readonly usual: Usual;
  /** Stamp of the first unusual sample, epoch ms; null when nothing turned. */
  readonly onset: number | null;
  /** First and last stamp of the stretch that `value` speaks of, epoch ms. */
  readonly stretch: { readonly from: number; readonly to: number };
}

/** A signal that reported before and no longer does. */
export interface Stopped extends About {
  readonly status: "stopped";
  readonly lastSeen: number;
  /** Whether it fell silent in or right before the window, so that the silence may be the incident's. */
  readonly recent: boolean;
  readonly usual: Usual | undefined;
}

/** A signal with too few samples before the window to say what is usual. */
export interface Unmeasured extends About {
  readonly status: "too_little_baseline";
  readonly samples: number;
}

export type SignalChange = Measured | Stopped | Unmeasured;

/** An effect may begin this long before the window, as a share of the window and in milliseconds at the most. */
const LEAD_SHARE = 0.5;
const LEAD_MOST_MS = 10 * 60_000;

/** Deviations at which a change is half of what it can be. */
const HALF_SCORE_AT = 6;
/** Fewer deviations than these are usual. */
export const UNUSUAL_FROM = 3;

export const leadMs = ({ from, to }: Periods): number => Math.min((to - from) * LEAD_SHARE, LEAD_MOST_MS);

/** Fewer samples weigh less: one of a coarse period may be chance. */
const sustained = (samples: number) => Math.sqrt(samples / (samples + 1));

/** Measures one signal in the window against the time before it. */
export function measureChange(series: CleanSeries, periods: Periods): SignalChange {
  const { service, signal, times, values, stepMs } = series;
  const about: About = { service, signal, meaning: meaningOf(signal), series };
  const before = values.filter((_, index) => (times[index] ?? 0) <= periods.from);
  const usual = usualOf(signal, before);
  const start = times.findIndex((at) => at > periods.from - leadMs(periods));
  const lastSeen = times.at(-1) ?? periods.baselineFrom;
  const silentFor = periods.to - lastSeen;
  if (before.length > 0 && (lastSeen <= periods.from || silentFor > Math.max(3.5 * stepMs, 90_000))) {
    const recent = lastSeen > periods.from - leadMs(periods);
    if (lastSeen <= periods.from || recent) return { ...about, status: "stopped", lastSeen, recent, usual };
  }
  if (!usual || start < 0) return { ...about, status: "too_little_baseline", samples: before.length };
  return measure(about, usual, start, periods);
}

function measure(about: About, usual: Usual, start: number, periods: Periods): Measured {
  const times = about.series.times.slice(start);
  const values = about.series.values.slice(start);
  const inWindow = times.findIndex((at) => at > periods.from);
  const turn = heaviestTurn(values.map((value) => (value - usual.median) / usual.scale));
  const stretchValues = turn && turn.last >= inWindow ? values.slice(turn.first, turn.last + 1) : [];
  const deviation =
    stretchValues.length === 0
      ? 0
      : ((median(stretchValues) - usual.median) / usual.scale) * sustained(stretchValues.length);
  if (!turn || Math.abs(deviation) < UNUSUAL_FROM) {
    const window = values.slice(inWindow);
    return {
      ...about,
      status: "measured",
      change: "usual",
      bad: false,
      score: 0,
      deviation: (median(window) - usual.median) / usual.scale,
      value: median(window),
      worst: farthest(window, usual.median),
      usual,
      onset: null,
      stretch: { from: times[inWindow] ?? periods.from, to: times.at(-1) ?? periods.to },
    };
  }
  const { bad } = about.meaning;
  return {
    ...about,
    status: "measured",
    change: turn.direction,
    bad: bad === "either" || bad === turn.direction,
    score: Math.abs(deviation) / (Math.abs(deviation) + HALF_SCORE_AT),
    deviation,
    value: median(stretchValues),
    worst: farthest(stretchValues, usual.median),
    usual,
    onset: times[turn.first] ?? null,
    stretch: { from: times[turn.first] ?? periods.from, to: times[turn.last] ?? periods.to },
  };
}

function farthest(values: readonly number[], from: number): number {
  return values.reduce((worst, value) => (Math.abs(value - from) > Math.abs(worst - from) ? value : worst), from);
}
