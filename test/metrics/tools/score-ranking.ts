/**
 * Scores the ranking of suspects over folders of recordings: `npx tsx test/metrics/tools/score-ranking.ts DIR... [-v]`,
 * where each DIR holds recordings with expected.yaml. AC@k: share of cases whose root cause is among the first k; Avg@5:
 * mean of AC@1 to AC@5.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { loadCatalog, openRecording, walkDependencies } from "@oncall-copilot/core";
import { parse } from "yaml";
import { measure } from "../../../servers/metrics/src/measure.ts";
import { rankSuspects } from "../../../servers/metrics/src/ranking/rank.ts";
import { recordingStore } from "../../../servers/metrics/src/stores/recording.ts";

const WINDOW_MS = 15 * 60_000;
const verbose = process.argv.includes("-v");

async function rank(dir: string) {
  const recording = await openRecording(dir);
  const catalog = await loadCatalog(recording.path("catalog") ?? "");
  const start = catalog.get(recording.incident.service ?? "");
  const walk = walkDependencies(catalog, start);
  const expected = parse(await readFile(join(dir, "expected.yaml"), "utf8")) as {
    root_cause: { service: string; accept?: string[] } | null;
  };
  if (!expected.root_cause) return undefined; // nothing broke: there is no place to score
  const right = [expected.root_cause.service, ...(expected.root_cause.accept ?? [])];
  const { changes, periods } = await measure(recordingStore(recording), {
    services: walk.map(({ entry }) => entry.name),
    from: recording.asOf - WINDOW_MS,
    to: recording.asOf,
    abort: new AbortController().signal,
  });
  const nodes = walk.map(({ entry, hops }) => ({ name: entry.name, hops, dependsOn: entry.dependsOn }));
  const suspects = rankSuspects(nodes, changes, periods.from);
  const place = suspects.findIndex(({ name }) => right.includes(name)) + 1;
  if (verbose) {
    console.log(
      `${basename(dir)}: ${start.name} -> ${right[0]}${walk.some((s) => right.includes(s.entry.name)) ? "" : " NOT IN WALK"}: place ${place}`,
    );
    for (const [i, s] of suspects.entries()) {
      if (i >= 5 && i + 1 !== place) continue;
      const m = s.main;
      console.log(
        `   ${i + 1}. ${s.name} (${s.hops}) score ${s.score.toFixed(2)} own ${s.own.toFixed(2)} onset ${s.onset === null ? "-" : new Date(s.onset).toISOString().slice(11, 19)} by ${s.explainedBy ?? "-"} ${m?.signal} ${m?.status === "measured" ? `${m.change} ${m.value.toPrecision(3)} usual ${m.usual.median.toPrecision(3)} z ${m.deviation.toFixed(1)}` : m?.status}`,
      );
    }
  }
  return place;
}

for (const set of process.argv.slice(2).filter((arg) => !arg.startsWith("-"))) {
  const cases = (await readdir(set, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const places: number[] = [];
  for (const { name } of cases.sort((a, b) => a.name.localeCompare(b.name))) {
    const place = await rank(join(set, name));
    if (place !== undefined) places.push(place);
  }
  const ac = (k: number) => places.filter((place) => place > 0 && place <= k).length / places.length;
  const avg5 = [1, 2, 3, 4, 5].reduce((sum, k) => sum + ac(k), 0) / 5;
  console.log(
    `${basename(set)}: ${places.length} cases  AC@1 ${ac(1).toFixed(2)}  AC@3 ${ac(3).toFixed(2)}  AC@5 ${ac(5).toFixed(2)}  Avg@5 ${avg5.toFixed(2)}`,
  );
}
