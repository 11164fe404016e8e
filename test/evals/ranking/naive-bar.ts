import { ascending, quantile } from "../../../servers/metrics/src/change/statistics.ts";
import type { Series } from "../../../servers/metrics/src/store.ts";
import { recordingStore } from "../../../servers/metrics/src/stores/recording.ts";
import type { MetricsCase } from "./metrics-case.ts";

/**
 * The bar that a ranking must clear: by size of deviation alone, as robust z-score baselines do it. A service's score is the
 * maximum over its signals of (x - median before) / IQR before, where x are the samples from the alert to the recording's
 * moment and "before" is all there is up to the alert. A signal whose IQR is 0 says nothing.
 *
 * Its candidates are those of read_metrics, so that it is the ranking that is compared and not the choice of candidates.
 * Names, best first; services without a rise are left out.
 */
export async function naiveRanking({ recording, walk }: MetricsCase): Promise<string[]> {
  const alertAt = Date.parse(recording.incident.started_at);
  const { series } = await recordingStore(recording).series({
    services: walk.map(({ entry }) => entry.name),
    from: 0,
    to: recording.asOf,
    abort: new AbortController().signal,
  });
  const scores = new Map<string, number>();
  for (const one of series) scores.set(one.service, Math.max(scores.get(one.service) ?? 0, rise(one, alertAt)));
  return [...scores]
    .filter(([, score]) => score > 0)
    .sort(([a, x], [b, y]) => y - x || a.localeCompare(b))
    .map(([name]) => name);
}

/** How many interquartile ranges a series rose above its median, at the most; 0 when it did not or cannot be told. */
export function rise({ times, values }: Pick<Series, "times" | "values">, alertAt: number): number {
  const within = (test: (at: number) => boolean) =>
    values.filter((value, index) => Number.isFinite(value) && test(times[index] ?? Number.NaN));
  const before = ascending(within((at) => at <= alertAt));
  const spread = quantile(before, 0.75) - quantile(before, 0.25);
  if (!(spread > 0)) return 0;
  return Math.max(0, ...within((at) => at > alertAt).map((value) => (value - quantile(before, 0.5)) / spread));
}
