import { FIGURE_ROWS, type Figures, type Group, groupsOf } from "../figures/figures.ts";
import { ratioText, shareText } from "../figures/share.ts";
import type { Floors } from "../floors.ts";
import type { Moment } from "../moments.ts";
import type { Rankings } from "../ranking/alone.ts";
import { accuracyAt, average5, type Place } from "../ranking/places.ts";
import type { CaseResult } from "../run-case.ts";
import { missesOf } from "../score.ts";

/** What was measured and how: everything that a scoreboard shows. */
export interface Board {
  readonly engine: string;
  /** The set's own name, without the folders above it. */
  readonly set: string;
  /** Parts of the recordings that were withheld. */
  readonly without: readonly string[];
  readonly moment: Moment;
  readonly floors: Floors;
  readonly cases: readonly BoardCase[];
  readonly groups: readonly Group[];
  readonly rankings: Rankings;
}

export interface BoardCase {
  readonly result: CaseResult;
  /** What was wrong, in words; empty when nothing was. */
  readonly misses: readonly string[];
}

/** To name a wrong culprit misleads; to name none only does not help. */
const badness = ({ result, misses }: BoardCase) => misses.length + (result.score.trusted === false ? 100 : 0);

/** The board of some results, which must not be empty: the misses first, the worst of them first. */
export function boardOf(
  results: readonly CaseResult[],
  about: Pick<Board, "engine" | "set" | "without" | "moment" | "floors" | "rankings">,
): Board {
  const cases = results
    .map((result) => ({ result, misses: missesOf(result.score) }))
    .sort((a, b) => badness(b) - badness(a) || a.result.name.localeCompare(b.result.name));
  return { ...about, cases, groups: groupsOf(results) };
}

/** The figures as a table: a row a figure, a column a group. */
export function figureTable(groups: readonly Group[]): { head: string[]; rows: string[][] } {
  const text = (figures: readonly Figures[]) =>
    FIGURE_ROWS.map((row) => [
      row.section === "" ? row.title : `${row.section}: ${row.title}`,
      ...figures.map((one) => row.text(one)),
    ]);
  return { head: ["", ...groups.map(({ name }) => name)], rows: text(groups.map(({ figures }) => figures)) };
}

/** How the culprit ranks by the whole engine, by read_metrics alone and by the naive bar, on the same cases. */
export function rankingTable({ report, metrics, naive }: Rankings): { head: string[]; rows: string[][] } {
  const row = (name: string, places: readonly Place[]) => [
    name,
    shareText(accuracyAt(places, 1)),
    shareText(accuracyAt(places, 3)),
    ratioText(average5(places)),
  ];
  return {
    head: ["ranking of suspects", "AC@1", "AC@3", "Avg@5"],
    rows: [row("report", report), row("read_metrics alone", metrics), row("naive bar", naive)],
  };
}

/** How often the commit is right, beside what costs no thought. */
export function commitTable({ groups, floors }: Board): { head: string[]; rows: string[][] } {
  const [all] = groups;
  return {
    head: ["the guilty commit, or rightly none", ""],
    rows: [
      ...(all ? [["report", shareText(all.figures.commit)]] : []),
      ["floor: always none", shareText(floors.none)],
      ["floor: latest deployment", shareText(floors.latest)],
    ],
  };
}

const mark = (right: boolean | null) => (right === null ? "-" : right ? "yes" : "NO");

/** The cases as a table, in the board's order. */
export function caseTable(cases: readonly BoardCase[]): { head: string[]; rows: string[][] } {
  return {
    head: [
      "case",
      "family",
      "place",
      "culprit",
      "family right",
      "commit",
      "harm",
      "fix",
      "applies",
      "outcome",
      "cut",
      "calls",
      "tokens",
      "s",
    ],
    rows: cases.map(({ result: { name, expected, score } }) => [
      name,
      expected.family,
      expected.root_cause ? String(score.place ?? "none") : "-",
      mark(score.culprit),
      mark(score.family),
      mark(score.commit),
      [...(score.innocentDraft ? ["DRAFT"] : []), ...(score.wrongHigh ? ["HIGH"] : [])].join(" ") || "-",
      mark(score.fixFiles ?? score.fixNone),
      mark(score.fixApplies),
      mark(score.identified ?? score.abstained),
      String(score.cut),
      String(score.toolCalls),
      String(score.tokens),
      score.seconds.toFixed(1),
    ]),
  };
}

/** One line that says what was measured. */
export function titleOf({ engine, set, without, cases, moment }: Board): string {
  const withheld = without.length === 0 ? "" : `, without ${without.join(" and ")}`;
  return `${set}: ${engine} engine on ${cases.length} ${cases.length === 1 ? "recording" : "recordings"}${withheld}, ${moment.name} after the alert`;
}

/** What the true answer is, in a few words. */
export function truthOf({ result: { expected } }: BoardCase): string {
  const { root_cause: cause, family, fix } = expected;
  const what = cause ? `${cause.service} (${family})` : `nothing is broken (${family})`;
  return fix ? `${what}, fixed in ${fix.files.join(", ")}` : what;
}

/** What the report said, in a few words. */
export function saidOf({ result: { report } }: BoardCase): string {
  const who = report.culprit?.name ?? "nobody";
  const fix = report.fix.kind === "none" ? "no fix" : `${report.fix.kind} of ${report.fix.service ?? "nothing"}`;
  return `${report.outcome.replaceAll("_", " ")}: ${who} (${report.family}), confidence ${report.confidence.level}, ${fix}`;
}
