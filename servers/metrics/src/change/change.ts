import { type Meaning, meaningOf } from "../signals/role.ts";
import { minSpread, unitOf } from "../signals/unit.ts";
import type { CleanSeries } from "./clean.ts";
import { confidenceOf } from "./confidence.ts";
import { onsetOf } from "./onset.ts";
import { median } from "./statistics.ts";
import { heaviestTurn } from "./turn.ts";
import { deviationFrom, guessUsual, type Usual, usualOf } from "./usual.ts";

/** The stretches that are compared, in epoch milliseconds, each without its start and with its end. */
export interface Periods {
  readonly baselineFrom: number;
  /** Where the baseline ends: at `leadFrom` where that leaves enough samples, else at `from`. */
  readonly baselineTo: number;
  /** An effect is looked for from here on, since it may begin a little before the window. */
  readonly leadFrom: number;
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
  /** Whether the samples show the turn itself: false when it was unusual in the first sample after a hole. */
  readonly seenTurning: boolean;
  /** First and last stamp of the stretch that `value` speaks of, epoch ms. */
  readonly stretch: { readonly from: number; readonly to: number };
}

/** A signal that reported before and no longer does. */
export interface Stopped extends About {
  readonly status: "stopped";
  readonly lastSeen: number;
  /** Whether it fell silent in or right before the window after reporting steadily: the silence may be the incident's. */
  readonly recent: boolean;
  readonly usual: Usual | undefined;
}

/** A signal with too few samples to compare: before the window, or in it (its period may be longer than the window). */
export interface Unmeasured extends About {
  readonly status: "too_few_samples";
  readonly before: number;
  readonly inWindow: number;
}

export type SignalChange = Measured | Stopped | Unmeasured;

/** Fewer deviations than these are usual. */
const UNUSUAL_FROM = 3;
/** Deviations at which a change is about two thirds of what it can be; beyond thirty, more says nothing more. */
const SCALE_OF_SCORE = 10;
/** Silent for this many periods, and this long, counts as stopped. */
const SILENT_PERIODS = 3.5;
const SILENT_MS = 90_000;

/** Fewer samples than these in all allow no guess either. */
const FEWEST_TO_GUESS = 3;
/** What a change against a guessed usual counts at the most. */
const THIN = 0.4;

/**
 * Measures one signal in the window against the time before it. `requestsPerSecond` is the service's usual traffic, where
 * that is known: it tells how much chance there is in one sample.
 */
export function measureChange(series: CleanSeries, periods: Periods, requestsPerSecond?: number): SignalChange {
  const { service, signal, times, values, stepMs } = series;
  const about: About = { service, signal, meaning: meaningOf(signal), series };
  const requests = requestsPerSecond === undefined ? undefined : (requestsPerSecond * stepMs) / 1000;
  const before = values.filter((_, index) => (times[index] ?? 0) <= periods.baselineTo);
  const least = (middle: number) => minSpread(signal, about.meaning.role, middle, requests, stepMs);
  const usual = usualOf(before, least) ?? guess(about, before.length, least);
  const start = times.findIndex((at) => at > periods.leadFrom);
  const lastSeen = times.at(-1) ?? periods.baselineFrom;
  const silent = periods.to - lastSeen > Math.max(SILENT_PERIODS * stepMs, SILENT_MS);
  const steady = isSteady(series);
  const inWindow = times.filter((at) => at > periods.from).length;
  if (silent && (steady || inWindow === 0)) {
    return { ...about, status: "stopped", lastSeen, recent: steady && lastSeen > periods.leadFrom, usual };
  }
  if (!usual || inWindow === 0) return { ...about, status: "too_few_samples", before: before.length, inWindow };
  return measure(about, usual, usual.thin ? Math.max(start, usual.samples) : start, periods, requests);
}

function guess({ signal, series }: About, before: number, least: (median: number) => number): Usual | undefined {
  if (series.values.length < FEWEST_TO_GUESS) return undefined;
  return guessUsual(series.values.slice(0, before), unitOf(signal) === "ratio", least);
}

/** Whether a series lately had a sample in most of its periods: one that comes and goes has not stopped. */
function isSteady({ times, stepMs }: CleanSeries): boolean {
  const latest = times.slice(-20);
  const [first = 0, last = 0] = [latest[0], latest.at(-1)];
  return latest.length >= 8 && last - first <= stepMs * (latest.length - 1) * 1.25;
}

function measure(about: About, usual: Usual, start: number, periods: Periods, requests: number | undefined): Measured {
  const { series, meaning } = about;
  const deviations = series.values.map((value) => deviationFrom(usual, value));
  const turn = heaviestTurn(deviations, start);
  const inWindow = series.times.findIndex((at) => at > periods.from);
  const stretch = turn && turn.last >= inWindow ? series.values.slice(turn.first, turn.last + 1) : [];
  const value = median(stretch);
  const deviation = stretch.length === 0 ? 0 : deviationFrom(usual, value);
  if (!turn || Math.abs(deviation) < UNUSUAL_FROM) return asUsual(about, usual, inWindow);
  const onset = onsetOf(series, deviations, turn, start);
  const confidence = confidenceOf(about.signal, series.stepMs, stretch.length, requests) * (usual.thin ? THIN : 1);
  return {
    ...about,
    status: "measured",
    change: turn.direction,
    bad: meaning.bad === "either" || meaning.bad === turn.direction,
    score: confidence * (1 - Math.exp(-Math.abs(deviation) / SCALE_OF_SCORE)),
    deviation,
    value,
    worst: farthest(stretch, usual.median),
    usual,
    onset: onset.at,
    seenTurning: onset.seen,
    stretch: { from: series.times[turn.first] ?? periods.from, to: series.times[turn.last] ?? periods.to },
  };
}

function asUsual(about: About, usual: Usual, inWindow: number): Measured {
  const { times, values } = about.series;
  const window = values.slice(inWindow);
  const value = median(window);
  return {
    ...about,
    status: "measured",
    change: "usual",
    bad: false,
    score: 0,
    deviation: deviationFrom(usual, value),
    value,
    worst: farthest(window, usual.median),
    usual,
    onset: null,
    seenTurning: false,
    stretch: { from: times[inWindow] ?? 0, to: times.at(-1) ?? 0 },
  };
}

function farthest(values: readonly number[], from: number): number {
  return values.reduce((worst, value) => (Math.abs(value - from) > Math.abs(worst - from) ? value : worst), from);
}
