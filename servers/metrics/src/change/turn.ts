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

/** So many usual samples in a row end a run: what comes after them is another one. About two minutes, two to eight samples. */
export function samplesThatEnd(stepMs: number): number {
  return stepMs <= 0 ? 2 : Math.min(8, Math.max(2, Math.round(120_000 / stepMs)));
}

function runsOf(deviations: readonly number[], start: number, sign: 1 | -1, ending: number): Turn[] {
  const runs: Turn[] = [];
  let open: Turn | undefined;
  let sum = 0;
  let first = start;
  let calm = 0;
  for (let index = start; index < deviations.length; index++) {
    const deviation = sign * (deviations[index] ?? 0);
    calm = deviation <= ALLOWANCE ? calm + 1 : 0;
    if (sum <= 0 || calm >= ending) {
      if (open) runs.push(open);
      open = undefined;
      sum = 0;
      first = index;
    }
    sum += Math.min(deviation, CLIPPED_AT) - ALLOWANCE;
    if (sum > 0 && (open === undefined || sum > open.weight)) {
      open = { first, last: index, direction: sign === 1 ? "up" : "down", weight: sum };
    }
  }
  if (open) runs.push(open);
  return runs;
}

/**
 * The runs beyond the usual band from index `start` on, upward and downward, what weighs most first. A run is where the one-sided cumulative
 * sum of deviations climbs from zero to its highest (CUSUM: Page, "Continuous Inspection Schemes", Biometrika 1954); its first sample
 * is the onset, known no more finely than the sampling period. `ending` usual samples in a row end a run.
 */
export function turnsFrom(deviations: readonly number[], start: number, ending: number): readonly Turn[] {
  const runs = [...runsOf(deviations, start, 1, ending), ...runsOf(deviations, start, -1, ending)];
  return runs.sort((a, b) => b.weight - a.weight || a.first - b.first);
}
