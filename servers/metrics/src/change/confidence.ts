import { quantileOf } from "../signals/unit.ts";

/** A change that lasted this long is half sure, in minutes: shorter ones come and go by themselves. */
const HALF_SURE_MINUTES = 1;
/** A quantile of too few requests still says a little. */
const MIN_RESOLUTION = 0.2;

/**
 * How sure a change is, 0 to 1: by how long it lasted, and, for a quantile, by how many requests lie beyond it in one sample
 * (the 99th percentile of twelve requests is only their slowest one).
 */
export function confidenceOf(signal: string, stepMs: number, samples: number, requests: number | undefined): number {
  const minutes = (samples * Math.max(stepMs, 1_000)) / 60_000;
  const lasting = minutes / (minutes + HALF_SURE_MINUTES);
  const quantile = quantileOf(signal);
  if (quantile === undefined || requests === undefined) return lasting;
  return lasting * Math.min(1, Math.max(MIN_RESOLUTION, requests * (1 - quantile)));
}
