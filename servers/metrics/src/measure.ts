import { measureChange, type Periods, type SignalChange } from "./change/change.ts";
import { type CleanSeries, clean } from "./change/clean.ts";
import { median } from "./change/statistics.ts";
import { FEWEST_SAMPLES } from "./change/usual.ts";
import type { MetricsStore, Series } from "./store.ts";

export interface Asked {
  readonly services: readonly string[];
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly signals?: readonly string[];
  readonly abort: AbortSignal;
}

export interface Measurements {
  readonly periods: Periods;
  readonly changes: readonly SignalChange[];
}

const HOUR_MS = 3_600_000;
/** The baseline is this many windows long where samples are close enough together. */
const BASELINE_WINDOWS = 4;

/** Ever longer stretches before the window: five-minute samples, or a source with holes, need to reach further back. */
function baselineLengths(windowMs: number): number[] {
  const first = Math.max(BASELINE_WINDOWS * windowMs, HOUR_MS);
  return [first, 24 * HOUR_MS, 7 * 24 * HOUR_MS].filter((length, index) => index === 0 || length >= 2 * first);
}

/** Whether most of the series that report now have enough samples before the window to say what is usual. */
function enough(series: readonly Series[], from: number): boolean {
  const reporting = series.filter(({ times }) => (times.at(-1) ?? 0) > from);
  const judged = reporting.length > 0 ? reporting : series;
  const rich = judged.filter(({ times }) => times.filter((at) => at <= from).length >= FEWEST_SAMPLES);
  return series.length > 0 && rich.length * 2 > judged.length;
}

/** Reads the series of all services at once, reaching further back only while most have too little to compare with. */
export async function measure(store: MetricsStore, asked: Asked): Promise<Measurements> {
  const { services, from, to, signals, abort } = asked;
  let best: { series: readonly Series[]; baselineFrom: number } | undefined;
  for (const length of baselineLengths(to - from)) {
    const baselineFrom = from - length;
    const series = await store.series({ services, from: baselineFrom, to, abort, ...(signals ? { signals } : {}) });
    best = { series, baselineFrom };
    if (enough(series, from)) break;
  }
  const baselineFrom = best?.baselineFrom ?? from;
  const periods: Periods = { baselineFrom, from, to };
  const series = (best?.series ?? []).map(clean).filter(({ times }) => times.length > 0);
  const traffic = usualTraffic(series);
  return { periods, changes: series.map((one) => measureChange(one, periods, traffic.get(one.service))) };
}

/** Each service's requests per second, where it reports them: it tells how much chance there is in its other signals. */
function usualTraffic(series: readonly CleanSeries[]): Map<string, number> {
  const requests = series.filter(({ signal }) => signal === "requests_per_second");
  return new Map(requests.map(({ service, values }) => [service, median(values)]));
}
