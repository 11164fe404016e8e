import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { PageIndex, type RankablePage } from "../../servers/runbooks/src/ranking/page-index.ts";
import { rankPages } from "../../servers/runbooks/src/ranking/rank-pages.ts";
import { shareText } from "./figures/share.ts";
import { textTable } from "./figures/table.ts";
import { runMain } from "./run-main.ts";
import { bm25Search } from "./runbooks/bm25.ts";
import { halfOf, isOwn, type Question, readPages, readQuestions } from "./runbooks/questions.ts";
import { type RetrievalScore, scoreRetrieval } from "./runbooks/retrieval.ts";

const USAGE = `Usage: npm run evals:runbooks -- DIR [--half a|b] [--json]

Whether read_runbook's ranking finds the page for an alert, and says so when there is none, on DIR/pages/**/*.md (or
runbooks/) and DIR/queries.ndjson (alertname, service, summary, expected), then once more among the pages of all folders,
of which the others distract. Plain BM25 is the bar. --half asks only one half of the alerts, drawn by their names:
what is tuned on a is told of b.
`;

/** The words of an alert's annotations. */
const annotations = ({ summary, description }: Question) => summary || description;

/** What an engineer or the host has of an alert, and so asks with. */
const ASKED: readonly (readonly [name: string, (question: Question) => { alert?: string; query?: string }])[] = [
  ["alert name", ({ alertname }) => ({ alert: alertname })],
  ["annotations only", (question) => ({ query: annotations(question) })],
  ["both", (question) => ({ alert: question.alertname, query: annotations(question) })],
];

type Row = readonly [name: string, score: RetrievalScore];

async function rowsFor(pages: readonly RankablePage[], questions: readonly Question[], among: string): Promise<Row[]> {
  const index = new PageIndex(pages);
  const bm25 = bm25Search(pages);
  return ASKED.flatMap(([name, ask]): Row[] => {
    // A page that is just the service's is shown as one that does not speak of what was asked.
    const ours = (question: Question) =>
      rankPages(index, { service: question.service, ...ask(question) }).flatMap(({ page, fit }) =>
        fit === undefined || fit === "service" ? [] : [page.id],
      );
    const bar = (question: Question) => bm25(Object.values(ask(question)).join(" "));
    return [
      [`${among}, ${name}: read_runbook`, scoreRetrieval(questions, ours)],
      [`${among}, ${name}: BM25`, scoreRetrieval(questions, bar)],
    ];
  });
}

async function measure(dir: string, half: string | undefined): Promise<Row[]> {
  const pages = await readPages(dir);
  const all = await readQuestions(dir);
  const questions = half === undefined ? all : all.filter(({ alertname }) => halfOf(alertname) === half);
  const own = pages.filter(({ id }) => isOwn(id));
  process.stderr.write(`${own.length} pages, ${pages.length - own.length} that distract, ${questions.length} alerts\n`);
  const rows = await rowsFor(own, questions, "its pages");
  return own.length === pages.length ? rows : [...rows, ...(await rowsFor(pages, questions, "all pages"))];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
      half: { type: "string" },
    },
  });
  const [dir] = positionals;
  const { half } = values;
  if (values.help || dir === undefined || (half !== undefined && half !== "a" && half !== "b")) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const rows = await measure(resolve(dir), half);
  if (values.json) {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
    return 0;
  }
  const table = rows.map(([name, { hit1, hit3, hit5, saidNone }]) => [
    name,
    ...[hit1, hit3, hit5, saidNone].map(shareText),
  ]);
  process.stdout.write(`${textTable(["asked", "hit@1", "hit@3", "hit@5", "rightly none"], table)}\n`);
  return 0;
}

runMain("evals:runbooks", main);
