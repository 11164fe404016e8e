import { ratioText } from "../figures/share.ts";
import { accuracyAt, average5, type Place } from "../ranking/places.ts";
import type { Board } from "./board.ts";

const ranking = (places: readonly Place[]) => ({
  ac1: accuracyAt(places, 1),
  ac3: accuracyAt(places, 3),
  avg5: average5(places) === null ? null : Number(ratioText(average5(places))),
});

/** The scoreboard for other programs. Shares are `{hits, of}`. */
export function boardJson({ engine, set, without, moment, floors, cases, groups, rankings }: Board): unknown {
  return {
    engine,
    set,
    without,
    moment: moment.name,
    floors,
    groups: Object.fromEntries(groups.map(({ name, figures }) => [name, figures])),
    rankings: {
      report: ranking(rankings.report),
      read_metrics: ranking(rankings.metrics),
      naive: ranking(rankings.naive),
    },
    cases: cases.map(({ result: { name, expected, report, score }, misses }) => ({
      name,
      misses,
      expected: { family: expected.family, culprit: expected.root_cause?.service ?? null },
      said: { outcome: report.outcome, family: report.family, culprit: report.culprit?.name ?? null },
      suspects: report.suspects.map((suspect) => suspect.name),
      score,
    })),
  };
}
