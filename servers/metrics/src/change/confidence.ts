import { quantileOf } from "../signals/unit.ts";

/** A change that lasted this long is half sure, in minutes: shorter ones come and go by themselves. */
const HALF_SURE_MINUTES = 1;
/** A quantile of too few requests still says a little. */
const MIN_RESOLUTION = 0.2;
/** The most that a change is sure which is still on and of which the time before never had the like. */
const NOVEL = 0.85;
/** One sample alone may be a slip of whatever measures it. */
const NOVEL_ONCE = 0.7;
/** A time before of so many minutes half proves that such a thing does not happen by itself. */
const HALF_KNOWN_MINUTES = 5;

export interface Run {
  readonly stepMs: number;
  readonly samples: number;
  /** It reaches to the newest sample. */
  readonly isOn: boolean;
  /** The longest run of the baseline that went half as far the same way, in samples. */
  readonly longestBefore: number;
  readonly samplesBefore: number;
}

/**
 * How sure a change is, 0 to 1: by how long it lasted, or, at the moment of a page when it cannot have lasted, by how far beyond anything
 * in the time before it is; and, for a quantile, by how many requests lie beyond it in one sample (the 99th percentile of
 * twelve requests is only their slowest one). `requests`: how many one sample stands for.
 */
export function confidenceOf(signal: string, run: Run, requests: number | undefined): number {
  const stepMinutes = Math.max(run.stepMs, 1_000) / 60_000;
  const minutes = run.samples * stepMinutes;
  const lasting = minutes / (minutes + HALF_SURE_MINUTES);
  const sure = Math.max(lasting, novelty(run, stepMinutes));
  const quantile = quantileOf(signal);
  if (quantile === undefined || requests === undefined) return sure;
  return sure * Math.min(1, Math.max(MIN_RESOLUTION, requests * (1 - quantile)));
}

function novelty({ samples, isOn, longestBefore, samplesBefore }: Run, stepMinutes: number): number {
  if (!isOn || samples <= longestBefore) return 0;
  const known = samplesBefore * stepMinutes;
  return NOVEL * (samples === 1 ? NOVEL_ONCE : 1) * (known / (known + HALF_KNOWN_MINUTES));
}
