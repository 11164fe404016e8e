import type { CleanSeries } from "./clean.ts";
import { ALLOWANCE, type Turn } from "./turn.ts";

export interface Onset {
  /** Stamp of the first unusual sample, epoch ms. The turn lies at most one sampling period before it. */
  readonly at: number;
  /** Whether a usual sample lies right before it, so that the turn itself was seen. */
  readonly seen: boolean;
}

/** More periods than these without a sample are a hole. */
const HOLE_PERIODS = 3.5;

/**
 * When the run of a turn began. A run that is there from the first sample looked at (`start`) is followed back through the
 * time before, since what was so for hours is not what turned now; a hole in the samples hides where it began.
 */
export function onsetOf(series: CleanSeries, deviations: readonly number[], turn: Turn, start: number): Onset {
  const { times, stepMs } = series;
  const sign = turn.direction === "up" ? 1 : -1;
  let first = turn.first;
  const holeBefore = (index: number) => (times[index] ?? 0) - (times[index - 1] ?? 0) > HOLE_PERIODS * stepMs;
  if (first === start) {
    while (first > 0 && !holeBefore(first) && sign * (deviations[first - 1] ?? 0) > ALLOWANCE) first--;
  }
  return { at: times[first] ?? 0, seen: first > 0 && !holeBefore(first) };
}
