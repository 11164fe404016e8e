import type { CaseResult } from "../run-case.ts";
import { openMetricsCase } from "./metrics-case.ts";
import { metricsRanking } from "./metrics-ranking.ts";
import { naiveRanking } from "./naive-bar.ts";
import { culpritNames, type Place, placeOf } from "./places.ts";

/** Places of the true culprit by each way of ranking, on the cases that have metrics and a culprit; case by case. */
export interface Rankings {
  readonly report: readonly Place[];
  readonly metrics: readonly Place[];
  readonly naive: readonly Place[];
}

/** Ranks the same cases by read_metrics alone and by the naive bar, to hold beside the report's suspects. */
export async function rankAlone(results: readonly CaseResult[]): Promise<Rankings> {
  const places = { report: [] as Place[], metrics: [] as Place[], naive: [] as Place[] };
  for (const { recording, expected, score } of results) {
    const names = culpritNames(expected);
    const found = names.length === 0 ? null : await openMetricsCase(recording);
    if (found === null) continue;
    const suspects = await metricsRanking(found);
    places.report.push(score.place);
    places.metrics.push(
      placeOf(
        suspects.map(({ name }) => name),
        names,
      ),
    );
    places.naive.push(placeOf(await naiveRanking(found), names));
  }
  return places;
}
