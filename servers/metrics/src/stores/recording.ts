import { CouldNotLook } from "@oncall-copilot/core";
import type { Recording } from "@oncall-copilot/core/recording";
import type { MetricsStore, Series, SeriesQuery } from "../store.ts";
import { readMetricsCsv } from "./metrics-csv.ts";

interface Collected {
  readonly service: string;
  readonly signal: string;
  readonly samples: Map<number, number>;
}

function toSeries({ service, signal, samples }: Collected): Series {
  const sorted = [...samples].sort(([a], [b]) => a - b);
  return { service, signal, times: sorted.map(([at]) => at), values: sorted.map(([, value]) => value) };
}

/** Answers from metrics.csv.gz. The file is read as a stream: only what was asked for stays in memory. */
export function recordingStore(recording: Recording): MetricsStore {
  return {
    name: `recording ${recording.name}`,
    url: (service) => recording.url("metrics", service),
    series: async ({ services, from, to, signals, abort }: SeriesQuery) => {
      const file = recording.path("metrics");
      if (file === undefined) throw new CouldNotLook("not_recorded", "this recording has no metrics (metrics.csv.gz)");
      const wanted = new Set(services);
      const only = signals && new Set(signals);
      const end = Math.min(to, recording.asOf);
      const found = new Map<string, Collected>();
      for await (const { at, service, signal, value } of readMetricsCsv(file, abort)) {
        if (at <= from || at > end || !wanted.has(service) || (only && !only.has(signal))) continue;
        const key = `${service}\n${signal}`;
        let collected = found.get(key);
        if (!collected) {
          collected = { service, signal, samples: new Map() };
          found.set(key, collected);
        }
        collected.samples.set(at, value);
      }
      return { series: [...found.values()].map(toSeries), gaps: [] };
    },
  };
}
