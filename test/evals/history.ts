import { access } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { shareOf, shareText } from "./figures/share.ts";
import { textTable } from "./figures/table.ts";
import { openHistory } from "./history/ask.ts";
import { causeOf, type Incident, knownAt, readIncidents } from "./history/incidents.ts";
import { evenly, lastOfItsKind, returning } from "./history/returning.ts";
import { casesIn } from "./run-case.ts";
import { runMain } from "./run-main.ts";

const USAGE = `Usage: npm run evals:history -- DIR [--most N] [--json]

Whether query_history shows a past incident with the same root cause, on a recording or a folder of them. Each incident of
history.ndjson.gz whose cause had come before (N of them at the most, evenly spread; default 200) is asked about as if it had
just begun, with its alert, service and summary: nothing later is seen. The bar: the last k of this alert and service.
`;

const SHOWN = 5;
const HISTORY = "history.ndjson.gz";

interface HistoryScore {
  readonly recording: string;
  /** For each incident asked about, whether each past one shown has its cause. */
  readonly ours: readonly (readonly boolean[])[];
  /** Whether the answer names its cause anywhere: in an incident, or in the figures over all that match. */
  readonly named: readonly boolean[];
  readonly bar: readonly (readonly boolean[])[];
}

const holds = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function recordingsIn(dir: string): Promise<string[]> {
  if (await holds(join(dir, HISTORY))) return [dir];
  const folders = await casesIn(dir);
  const has = await Promise.all(folders.map((folder) => holds(join(folder, HISTORY))));
  return folders.filter((_, index) => has[index]);
}

async function measure(dir: string, most: number): Promise<HistoryScore> {
  const incidents = await readIncidents(join(dir, HISTORY));
  const asked = evenly(returning(incidents), most);
  process.stderr.write(`${basename(dir)}: ${asked.length} of ${incidents.length} incidents\n`);
  const history = await openHistory(dir);
  const ours: boolean[][] = [];
  const named: boolean[] = [];
  const bar: boolean[][] = [];
  try {
    for (const incident of asked) {
      const same = (shown: readonly Incident[]) => shown.map((past) => causeOf(past) === causeOf(incident));
      const { ids, causes } = await history.ask(incident, SHOWN);
      // A cause that was not known yet at that moment is no hit, even if the incident is the right one.
      const known = new Map(knownAt(incidents, incident.started_at).map((past) => [past.id, past]));
      const hits = ids.map((id) => known.get(id)).map((past) => past !== undefined && same([past])[0] === true);
      ours.push(hits);
      named.push(hits.includes(true) || causes.some((cause) => causeOf({ root_cause: cause }) === causeOf(incident)));
      bar.push(same(lastOfItsKind(incidents, incident, SHOWN)));
    }
  } finally {
    await history.close();
  }
  return { recording: basename(dir), ours, named, bar };
}

const hit = (hits: readonly (readonly boolean[])[], k: number) =>
  shareOf(hits.map((shown) => shown.slice(0, k).includes(true)));
const rowOf = (name: string, hits: readonly (readonly boolean[])[]) => [
  name,
  ...[1, 3, SHOWN].map((k) => shareText(hit(hits, k))),
];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      most: { type: "string", default: "200" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [dir] = positionals;
  const most = Number(values.most);
  if (values.help || dir === undefined || !(most >= 1)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const recordings = await recordingsIn(resolve(dir));
  if (recordings.length === 0) throw new Error(`no recording with ${HISTORY} in ${dir}`);
  const scores: HistoryScore[] = [];
  for (const recording of recordings) scores.push(await measure(recording, most));
  if (values.json) {
    const figures = (hits: readonly (readonly boolean[])[]) => ({
      hit1: hit(hits, 1),
      hit3: hit(hits, 3),
      hit5: hit(hits, 5),
    });
    const out = scores.map(({ recording, ours, named, bar }) => ({
      recording,
      query_history: { ...figures(ours), named: shareOf(named) },
      bar: figures(bar),
    }));
    process.stdout.write(`${JSON.stringify(out, null, 2)}\n`);
    return 0;
  }
  const rows = scores.flatMap(({ recording, ours, named, bar }) => [
    [...rowOf(`${recording}: query_history`, ours), shareText(shareOf(named))],
    [...rowOf(`${recording}: last of this alert and service`, bar), "-"],
  ]);
  process.stdout.write(`${textTable(["same root cause", "hit@1", "hit@3", "hit@5", "named anywhere"], rows)}\n`);
  return 0;
}

runMain("evals:history", main);
