import { meaningOf } from "../signals/role.ts";
import { minSpread, unitOf } from "../signals/unit.ts";
import type { CleanSeries } from "./clean.ts";
import { confidenceOf } from "./confidence.ts";
import { earlierIncidents } from "./earlier-incidents.ts";
import { onsetOf } from "./onset.ts";
import { longestRun, type PickedTurn, pickTurn } from "./pick-turn.ts";
import type { About, Known, Measured, Periods, SignalChange } from "./signal-change.ts";
import { isWithin, type Span } from "./span.ts";
import { mean, median } from "./statistics.ts";
import { type Before, deviationFrom, FEWEST_SAMPLES, guessUsual, isGuess, type Usual, usualOf } from "./usual.ts";

/** Deviations at which a change is about two thirds of what it can be; beyond thirty, more says nothing more. */
const SCALE_OF_SCORE = 10;
/** Silent for this many periods, and this long, counts as stopped. */
const SILENT_PERIODS = 3.5;
const SILENT_MS = 90_000;
/** So few samples let one guess what is usual, if there are at least these in all. */
const FEWEST_TO_GUESS = 3;
/** What a change counts at the most against a guessed usual. */
const THIN = 0.4;

/** Measures one signal in the window against the time before it. */
export function measureChange(series: CleanSeries, periods: Periods, known: Known = {}): SignalChange {
  const { service, signal, times, stepMs } = series;
  const about: About = { service, signal, meaning: meaningOf(signal), series };
  const { requestsPerSecond, noTrafficSince, climb } = known;
  const requests = requestsPerSecond === undefined ? undefined : (requestsPerSecond * stepMs) / 1000;
  const least = (middle: number) => minSpread(signal, about.meaning.role, middle, requests, stepMs);
  const all = samplesUpTo(series, climb?.from ?? periods.baselineTo);
  const before = quietOf(all, known, climb ? [] : earlierIncidents(about, all, least));
  const usual = usualOf(before, least) ?? guess(about, before, least);
  const lastSeen = times.at(-1) ?? periods.baselineFrom;
  const silent = periods.to - lastSeen > Math.max(SILENT_PERIODS * stepMs, SILENT_MS);
  const inWindow = times.filter((at) => at > periods.from).length;
  if (noTrafficSince !== undefined && about.meaning.role === "symptom" && (silent || isZero(series, noTrafficSince))) {
    return { ...about, status: "no_traffic", since: noTrafficSince, usual };
  }
  const steady = isSteady(series);
  if (silent && (steady || inWindow === 0)) {
    return { ...about, status: "stopped", lastSeen, recent: steady && lastSeen > periods.leadFrom, usual };
  }
  if (!usual || inWindow === 0) return { ...about, status: "too_few_samples", before: before.values.length, inWindow };
  if (climb?.from !== undefined) return climbed(about, usual, climb.from, climb.direction);
  const start = times.findIndex((at) => at > periods.leadFrom);
  return measure(about, usual, before, isGuess(usual) ? Math.max(start, usual.samples) : start, periods, requests);
}

function samplesUpTo({ times, values }: CleanSeries, to: number): Before {
  const count = times.filter((at) => at <= to).length;
  return { times: times.slice(0, count), values: values.slice(0, count), leftOut: [] };
}

/** The baseline without earlier incidents; with those that are only known of where too little would be left. */
function quietOf(all: Before, { incidents = [] }: Known, byShape: readonly Span[]): Before {
  for (const leftOut of [[...byShape, ...incidents], byShape]) {
    const its = leftOut.filter(({ from, to }) => all.times.some((at) => at >= from && at <= to));
    if (its.length === 0) continue;
    const kept = all.times.map((at) => !isWithin(at, its));
    if (kept.filter(Boolean).length < FEWEST_SAMPLES) continue;
    const values = all.values.filter((_value, index) => kept[index]);
    return { times: all.times.filter((_at, index) => kept[index]), values, leftOut: its };
  }
  return all;
}

function guess({ signal, series }: About, before: Before, least: (median: number) => number): Usual | undefined {
  if (series.values.length < FEWEST_TO_GUESS) return undefined;
  return guessUsual(before, unitOf(signal) === "ratio", least);
}

const isZero = ({ times, values }: CleanSeries, since: number): boolean =>
  values.every((value, index) => (times[index] ?? 0) < since || value === 0);

/** Whether a series lately had a sample in most of its periods: one that comes and goes has not stopped. */
function isSteady({ times, stepMs }: CleanSeries): boolean {
  const latest = times.slice(-20);
  const [first = 0, last = 0] = [latest[0], latest.at(-1)];
  return latest.length >= 8 && last - first <= stepMs * (latest.length - 1) * 1.25;
}

function measure(
  about: About,
  usual: Usual,
  before: Before,
  start: number,
  periods: Periods,
  requests: number | undefined,
): Measured {
  const { series, meaning, signal } = about;
  const deviations = series.values.map((value) => deviationFrom(usual, value));
  const inWindow = series.times.findIndex((at) => at > periods.from);
  const share = unitOf(signal) === "ratio" && meaning.role === "symptom" && meaning.bad === "up";
  const failures = share && requests !== undefined ? { usualShare: mean(before.values), requests } : undefined;
  const picked = pickTurn({ series, usual, deviations, start, inWindow, failures });
  if (!picked) return asUsual(about, usual, inWindow);
  const { turn, value, deviation, isOn } = picked;
  const onset = onsetOf(series, deviations, turn, start);
  const stretch = series.values.slice(turn.first, turn.last + 1);
  const run = { stepMs: series.stepMs, samples: stretch.length, isOn, ...ofBefore(before, usual, picked) };
  const guessed = isGuess(usual) ? THIN : 1;
  return {
    ...about,
    status: "measured",
    change: turn.direction,
    bad: meaning.bad === "either" || meaning.bad === turn.direction,
    score: confidenceOf(signal, run, requests) * guessed * (1 - Math.exp(-Math.abs(deviation) / SCALE_OF_SCORE)),
    deviation,
    value,
    worst: farthest(stretch, usual.median),
    usual,
    onset: onset.at,
    recoveredAt: isOn ? null : (series.times[turn.last + 1] ?? null),
    climbs: false,
    seenTurning: onset.seen,
    stretch: { from: series.times[turn.first] ?? periods.from, to: series.times[turn.last] ?? periods.to },
  };
}

/** How far the baseline itself went the same way. */
function ofBefore({ values }: Before, usual: Usual, { turn, deviation }: PickedTurn) {
  const sign = turn.direction === "up" ? 1 : -1;
  const half = Math.abs(deviation) / 2;
  return {
    longestBefore: longestRun(values, (value) => sign * deviationFrom(usual, value) >= half),
    samplesBefore: values.length,
  };
}

/** The last of what a climb reached, as a share of its samples. */
const END_OF_CLIMB = 0.15;

function climbed(about: About, usual: Usual, from: number, direction: "up" | "down"): Measured {
  const { times, values } = about.series;
  const first = times.findIndex((at) => at > from);
  const stretch = values.slice(first);
  const value = median(stretch.slice(-Math.max(2, Math.ceil(stretch.length * END_OF_CLIMB))));
  const deviation = deviationFrom(usual, value);
  return {
    ...about,
    status: "measured",
    change: direction,
    bad: about.meaning.bad === "either" || about.meaning.bad === direction,
    score: (isGuess(usual) ? THIN : 1) * (1 - Math.exp(-Math.abs(deviation) / SCALE_OF_SCORE)),
    deviation,
    value,
    worst: farthest(stretch, usual.median),
    usual,
    onset: times[first] ?? from,
    recoveredAt: null,
    climbs: true,
    seenTurning: true,
    stretch: { from: times[first] ?? from, to: times.at(-1) ?? from },
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
    recoveredAt: null,
    climbs: false,
    seenTurning: false,
    stretch: { from: times[inWindow] ?? 0, to: times.at(-1) ?? 0 },
  };
}

function farthest(values: readonly number[], from: number): number {
  return values.reduce((worst, value) => (Math.abs(value - from) > Math.abs(worst - from) ? value : worst), from);
}
