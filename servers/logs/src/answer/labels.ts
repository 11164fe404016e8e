import { type Level, severity } from "../levels.ts";
import type { PatternCount } from "../store.ts";
import { chanceOfNone, rateRatioZ } from "./rates.ts";

/** A pattern against the time before. `uncompared`: too little of the time before is there to tell. */
export const LABELS = ["new", "rising", "steady", "gone", "uncompared"] as const;
export type Label = (typeof LABELS)[number];

/** Milliseconds of each stretch that the backend holds lines for. */
export interface Exposure {
  readonly window: number;
  readonly before: number;
}

/** Rising means more than half as much again, at one chance in a hundred of being wrong. */
const MIN_RATIO = 1.5;
const MIN_Z = 2.33;
/** Fewer lines than this are no trend. */
const MIN_COUNT = 5;

export function labelOf(pattern: Pick<PatternCount, "count" | "before">, exposure: Exposure): Label {
  const { count, before } = pattern;
  if (exposure.before <= 0 || exposure.window <= 0) return "uncompared";
  if (count === 0) return chanceOfNone(before, exposure.before, exposure.window) <= 0.5 ? "gone" : "uncompared";
  if (before === 0) {
    // One line against an equal stretch without any counts as new; against a shorter one it takes more lines.
    return chanceOfNone(count, exposure.window, exposure.before) <= 0.5 ? "new" : "uncompared";
  }
  const z = rateRatioZ({ count, exposure: exposure.window }, { count: before, exposure: exposure.before }, MIN_RATIO);
  return count >= MIN_COUNT && z >= MIN_Z ? "rising" : "steady";
}

/** What to look at first: worse levels before better ones, what has changed before what has not. Smaller is sooner. */
const ORDER: Readonly<Record<Level, Readonly<Record<Label, number>>>> = {
  error: { new: 0, rising: 1, uncompared: 2, gone: 7, steady: 8 },
  warn: { new: 3, rising: 4, uncompared: 5, gone: 11, steady: 12 },
  info: { new: 6, rising: 9, uncompared: 10, gone: 13, steady: 14 },
  debug: { new: 15, rising: 16, uncompared: 17, gone: 18, steady: 19 },
};

export type Labelled = PatternCount & { readonly label: Label };

/** Labels every pattern and puts them in the order of what to look at first; within one kind the more frequent first. */
export function rank(patterns: readonly PatternCount[], exposure: Exposure): Labelled[] {
  return patterns
    .map((pattern) => ({ ...pattern, label: labelOf(pattern, exposure) }))
    .sort(
      (a, b) =>
        ORDER[a.level][a.label] - ORDER[b.level][b.label] ||
        b.count - a.count ||
        b.before - a.before ||
        severity(a.level) - severity(b.level) ||
        a.first - b.first ||
        (a.template < b.template ? -1 : a.template > b.template ? 1 : 0),
    );
}
