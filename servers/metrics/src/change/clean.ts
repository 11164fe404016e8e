import type { Series } from "../store.ts";
import { median } from "./statistics.ts";

/** A series that can be reckoned with: finite values only, and counters turned into rates. */
export interface CleanSeries extends Series {
  /** The usual time between two samples in milliseconds; 0 when there are fewer than two. */
  readonly stepMs: number;
}

/** Prometheus's custom: a name that ends so only ever counts up, until its process starts anew. */
const isCounter = (signal: string) => signal.endsWith("_total");

/** How many of the last gaps settle the period: a source may have changed its period long ago. */
const GAPS_LOOKED_AT = 200;

function usualStep(times: readonly number[]): number {
  const gaps = times.slice(-GAPS_LOOKED_AT).flatMap((at, index, all) => {
    const before = all[index - 1];
    return before === undefined ? [] : [at - before];
  });
  return gaps.length === 0 ? 0 : median(gaps);
}

/**
 * The rate per second between two readings. A reading below the one before means that the counter began again at zero,
 * so that all of it is new (as Prometheus's `rate` has it).
 */
function ratePerSecond(before: number, now: number, ms: number): number {
  return ((now < before ? now : now - before) / ms) * 1000;
}

/** Drops what is no number (a quantile of no requests is NaN) and turns a counter into its rate per second. */
export function clean(series: Series): CleanSeries {
  const times: number[] = [];
  const values: number[] = [];
  for (const [index, at] of series.times.entries()) {
    const value = series.values[index];
    if (value !== undefined && Number.isFinite(value)) {
      times.push(at);
      values.push(value);
    }
  }
  const stepMs = usualStep(times);
  if (!isCounter(series.signal)) return { ...series, times, values, stepMs };
  const rates = values.slice(1).map((value, index) => {
    const [before = value, since = 0, at = 1] = [values[index], times[index], times[index + 1]];
    return ratePerSecond(before, value, at - since);
  });
  return { ...series, times: times.slice(1), values: rates, stepMs };
}
