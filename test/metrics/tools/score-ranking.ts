/**
 * Shows how read_metrics ranks the suspects of recordings, signal by signal: `npx tsx test/metrics/tools/score-ranking.ts DIR... [-v]
 * [--without-walk] [--without-onset] [--after SECONDS] [--half a|b]`, where each DIR holds recordings with expected.yaml. `npm run evals -- --set DIR` has the same figures beside the whole
 * engine's and the naive bar's; this is the view for working on the ranking. `--after 10` stands ten seconds after the alert; `--half a` takes
 * every other case, so that the rest can be kept aside while something is tuned.
 */
import { basename } from "node:path";
import type { Suspect } from "../../../servers/metrics/src/ranking/rank.ts";
import { readExpected } from "../../evals/expected.ts";
import { rateOf, ratioText } from "../../evals/figures/share.ts";
import { openMetricsCase } from "../../evals/ranking/metrics-case.ts";
import { metricsRanking } from "../../evals/ranking/metrics-ranking.ts";
import { accuracyAt, average5, culpritNames, type Place, placeOf } from "../../evals/ranking/places.ts";
import { casesIn } from "../../evals/run-case.ts";

const verbose = process.argv.includes("-v");
const ideas = { walk: !process.argv.includes("--without-walk"), onset: !process.argv.includes("--without-onset") };

const flagged = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const after = flagged("--after");
const afterMs = after === undefined ? undefined : Number(after) * 1000;
const half = flagged("--half");
const isOfHalf = (_: string, index: number) => half === undefined || index % 2 === (half === "a" ? 0 : 1);

function describe(suspect: Suspect, index: number): string {
  const { name, hops, score, own, onset, explainedBy, main } = suspect;
  const turned = onset === null ? "-" : new Date(onset).toISOString().slice(11, 19);
  const signal =
    main?.status === "measured"
      ? `${main.signal} ${main.change} ${main.value.toPrecision(3)} usual ${main.usual.median.toPrecision(3)} z ${main.deviation.toFixed(1)}`
      : `${main?.signal} ${main?.status}`;
  return `   ${index + 1}. ${name} (${hops}) score ${score.toFixed(2)} own ${own.toFixed(2)} onset ${turned} by ${explainedBy ?? "-"} ${signal}`;
}

async function rank(dir: string): Promise<Place | undefined> {
  const right = culpritNames(await readExpected(dir));
  const found = right.length === 0 ? null : await openMetricsCase(dir, afterMs);
  if (!found) return undefined; // nothing broke, or there is nothing to rank by: no place to score
  const suspects = await metricsRanking(found, ideas);
  const place = placeOf(
    suspects.map(({ name }) => name),
    right,
  );
  if (verbose) {
    const walked = found.walk.some(({ entry }) => right.includes(entry.name));
    console.log(
      `${basename(dir)}: ${found.start.name} -> ${right[0]}${walked ? "" : " NOT IN WALK"}: place ${place ?? "none"}`,
    );
    for (const [index, suspect] of suspects.entries()) {
      if (index < 5 || index + 1 === place) console.log(describe(suspect, index));
    }
  }
  return place;
}

/** The folders given: neither a flag nor the value of one. */
function sets(): string[] {
  const given = process.argv.slice(2);
  return given.filter((arg, index) => !arg.startsWith("-") && !/^--(?:after|half)$/.test(given[index - 1] ?? ""));
}

for (const set of sets()) {
  const places: Place[] = [];
  for (const dir of (await casesIn(set)).filter(isOfHalf)) {
    const place = await rank(dir);
    if (place !== undefined) places.push(place);
  }
  const ac = (k: number) => ratioText(rateOf(accuracyAt(places, k)));
  console.log(
    `${basename(set)}: ${places.length} cases  AC@1 ${ac(1)}  AC@3 ${ac(3)}  AC@5 ${ac(5)}  Avg@5 ${ratioText(average5(places))}`,
  );
}
