/** A stretch of samples that lies beyond the usual band, by index, both ends included. */
export interface Turn {
  readonly first: number;
  readonly last: number;
  readonly direction: "up" | "down";
  /** The cumulative sum it reached, in robust deviations. */
  readonly weight: number;
}

/** Half of the shift that is worth finding, in robust deviations: CUSUM's allowance for one of three. */
export const ALLOWANCE = 1.5;
/** One wild sample counts no more than these deviations, so that it cannot stand in for a lasting change. */
const CLIPPED_AT = 12;

function heaviest(deviations: readonly number[], start: number, sign: 1 | -1): Turn | undefined {
  let best: Turn | undefined;
  let sum = 0;
  let first = start;
  for (let index = start; index < deviations.length; index++) {
    if (sum <= 0) {
      sum = 0;
      first = index;
    }
    sum += Math.min(sign * (deviations[index] ?? 0), CLIPPED_AT) - ALLOWANCE;
    if (sum > 0 && (best === undefined || sum > best.weight)) {
      best = { first, last: index, direction: sign === 1 ? "up" : "down", weight: sum };
    }
  }
  return best;
}

/**
 * The change that weighs most from index `start` on, upward or downward: the run where the one-sided cumulative sum of
 * deviations climbs from zero to its highest (CUSUM: Page, "Continuous Inspection Schemes", Biometrika 1954). Its first
 * sample is the onset, known no more finely than the sampling period; a run may end before the samples do.
 */
export function heaviestTurn(deviations: readonly number[], start: number): Turn | undefined {
  const up = heaviest(deviations, start, 1);
  const down = heaviest(deviations, start, -1);
  return (up?.weight ?? 0) >= (down?.weight ?? 0) ? up : down;
}
