import type { CleanSeries } from "./clean.ts";
import { failingMore } from "./failing-more.ts";
import { mean, median } from "./statistics.ts";
import { samplesThatEnd, type Turn, turnsFrom } from "./turn.ts";
import { deviationFrom, type Usual } from "./usual.ts";

/** Fewer deviations than these are usual. */
const UNUSUAL_FROM = 3;
/** A run that is on now goes before a heavier one that is over, if it goes this far or weighs this share of it. */
const CLEARLY = 6;
const SHARE = 0.25;

export interface PickedTurn {
  readonly turn: Turn;
  /** Of the run: its median; its mean where it is a share of few requests. */
  readonly value: number;
  readonly deviation: number;
  /** It reaches to the newest samples. */
  readonly isOn: boolean;
}

export interface Looked {
  readonly series: CleanSeries;
  readonly usual: Usual;
  readonly deviations: readonly number[];
  /** Index of the first sample that may be part of a run. */
  readonly start: number;
  /** Index of the window's first sample: a run that was over before it is none of the window's. */
  readonly inWindow: number;
  /** Where the signal is a share of requests that fail: what it was in the mean, and requests behind one sample. */
  readonly failures: { readonly usualShare: number; readonly requests: number } | undefined;
}

/** The run that a person should be told of: one that is on before one that is over, then what weighs most. */
export function pickTurn(looked: Looked): PickedTurn | undefined {
  const { series, usual, deviations, start, inWindow, failures } = looked;
  const ending = samplesThatEnd(series.stepMs);
  const told = (turn: Turn, level: (values: readonly number[]) => number): PickedTurn => {
    const value = level(series.values.slice(turn.first, turn.last + 1));
    const isOn = series.values.length - 1 - turn.last < ending;
    return { turn, value, deviation: deviationFrom(usual, value), isOn };
  };
  const runs = turnsFrom(deviations, start, ending)
    .filter(({ last }) => last >= inWindow)
    .map((turn) => told(turn, median))
    .filter(({ deviation }) => Math.abs(deviation) >= UNUSUAL_FROM);
  const [heaviest] = runs;
  const on = runs.find(({ isOn }) => isOn);
  if (heaviest && on) {
    const counts = Math.abs(on.deviation) >= CLEARLY || on.turn.weight >= SHARE * heaviest.turn.weight;
    return counts ? on : heaviest;
  }
  if (heaviest) return heaviest;
  const more = failures && failingMore(series.values, start, failures.usualShare, failures.requests);
  if (!more || more.last < inWindow) return undefined;
  const found = told(more, mean);
  return { ...found, deviation: Math.max(found.deviation, UNUSUAL_FROM) };
}

/** The longest run of samples that a test holds for. */
export function longestRun(values: readonly number[], test: (value: number) => boolean): number {
  let [longest, run] = [0, 0];
  for (const value of values) {
    run = test(value) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
