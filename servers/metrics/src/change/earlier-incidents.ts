import type { Meaning } from "../signals/role.ts";
import { isError } from "../signals/symptom.ts";
import type { Span } from "./span.ts";
import { ascending, quantile } from "./statistics.ts";

/** So many robust deviations from the quiet part of a baseline make a sample one of trouble. */
const TROUBLED_FROM = 6;
/** A run of trouble has at least so many samples, lasts so long, and this share of its samples is of trouble. */
const MIN_SAMPLES = 3;
const MIN_MS = 45_000;
const DENSE = 0.7;
/** Runs this near are one; a run is left out with this much around it, since it rises and ebbs. */
const JOINED_MS = 60_000;
/** More runs of latency or fullness than these are a rhythm of the signal's own (a batch job), and so are usual. */
const MAX_RUNS = 2;
/** Errors have no rhythm that a page should get used to. */
const MAX_RUNS_OF_ERRORS = 6;
/** The quiet part: at least this share of a baseline, and so many samples, must be left to say what is usual. */
const MIN_QUIET_SHARE = 0.2;
const MIN_QUIET_SAMPLES = 8;

interface Stamped {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/**
 * Earlier incidents in a baseline by their own shape: dense runs far on the bad side of the signal's quiet part. They are no part of what
 * is usual, or the second page within an hour would find nothing unusual. Empty where the runs are as many as a rhythm has, or where
 * leaving them out would leave too little to compare with.
 *
 * `before`: the samples of the baseline, oldest first. `least`: the least spread around a level, in the signal's unit.
 */
export function earlierIncidents(
  signal: { readonly signal: string; readonly meaning: Meaning },
  { times, values }: Stamped,
  least: (level: number) => number,
): readonly Span[] {
  const { bad } = signal.meaning;
  if (bad === "either" || values.length < 2 * MIN_QUIET_SAMPLES) return [];
  const sign = bad === "up" ? 1 : -1;
  const goodFirst = ascending(values.map((value) => value * sign));
  const level = quantile(goodFirst, 0.2);
  const spread = Math.max(least(level * sign), (quantile(goodFirst, 0.35) - quantile(goodFirst, 0.05)) / 1.26);
  const troubled = values.map((value) => (value * sign - level) / spread >= TROUBLED_FROM);
  const runs = runsOf(times, troubled);
  if (runs.length > (isError(signal) ? MAX_RUNS_OF_ERRORS : MAX_RUNS)) return [];
  const quiet = times.filter((at) => !runs.some(({ from, to }) => at >= from && at <= to)).length;
  return quiet >= Math.max(MIN_QUIET_SAMPLES, MIN_QUIET_SHARE * times.length) ? runs : [];
}

function runsOf(times: readonly number[], troubled: readonly boolean[]): Span[] {
  const joined: { from: number; to: number; samples: number }[] = [];
  for (const [index, at] of times.entries()) {
    if (!troubled[index]) continue;
    const last = joined.at(-1);
    if (last && at - last.to <= JOINED_MS) {
      last.to = at;
      last.samples++;
    } else joined.push({ from: at, to: at, samples: 1 });
  }
  return joined
    .filter(({ from, to, samples }) => {
      const all = times.filter((at) => at >= from && at <= to).length;
      return samples >= MIN_SAMPLES && to - from >= MIN_MS && samples / all >= DENSE;
    })
    .map(({ from, to }) => ({ from: from - JOINED_MS, to: to + JOINED_MS }));
}
