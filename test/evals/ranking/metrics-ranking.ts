import { measure } from "../../../servers/metrics/src/measure.ts";
import { type Ideas, rankSuspects, type Suspect } from "../../../servers/metrics/src/ranking/rank.ts";
import { recordingStore } from "../../../servers/metrics/src/stores/recording.ts";
import type { MetricsCase } from "./metrics-case.ts";

/** The window that read_metrics looks at when it is not told another. */
const WINDOW_MS = 15 * 60_000;

/** What read_metrics makes of a recording by itself, best first: no logs, no changes, no history. */
export async function metricsRanking({ recording, walk }: MetricsCase, ideas?: Ideas): Promise<Suspect[]> {
  const { changes, periods } = await measure(recordingStore(recording), {
    services: walk.map(({ entry }) => entry.name),
    from: recording.asOf - WINDOW_MS,
    to: recording.asOf,
    abort: new AbortController().signal,
  });
  const nodes = walk.map(({ entry, hops }) => ({ name: entry.name, hops, dependsOn: entry.dependsOn }));
  return rankSuspects(nodes, changes, periods.from, ideas);
}
