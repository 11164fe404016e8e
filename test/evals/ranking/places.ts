import type { Expected } from "../expected.ts";
import type { Share } from "../figures/share.ts";

/** Place of the right one in a ranking, from 1; null when it is not in it. */
export type Place = number | null;

/** The names that the true culprit goes by; none when nothing is broken. */
export function culpritNames({ root_cause: cause }: Expected): readonly string[] {
  return cause ? [cause.service, ...cause.accept] : [];
}

/** Where the first of the right names stands among the ranked ones. */
export function placeOf(ranked: readonly string[], right: readonly string[]): Place {
  const index = ranked.findIndex((name) => right.includes(name));
  return index < 0 ? null : index + 1;
}

/** AC@k: the share of cases whose culprit is among the first `k` (Meng et al., MicroCause, IWQoS 2020). */
export function accuracyAt(places: readonly Place[], k: number): Share {
  return { hits: places.filter((place) => place !== null && place <= k).length, of: places.length };
}

/** Avg@5: the mean of AC@1 to AC@5, 0 to 1; null without cases. */
export function average5(places: readonly Place[]): number | null {
  if (places.length === 0) return null;
  return [1, 2, 3, 4, 5].reduce((sum, k) => sum + accuracyAt(places, k).hits, 0) / (5 * places.length);
}
