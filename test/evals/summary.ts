import type { CaseResult } from "./run-case.ts";
import { isRight } from "./score.ts";

const share = (part: number, whole: number) =>
  whole === 0 ? "-" : `${part}/${whole} (${((100 * part) / whole).toFixed(0)} %)`;
const mark = (right: boolean | null) => (right === null ? "-" : right ? "yes" : "NO");

/** A line a case, then the figures over all of them. */
export function summarize(results: readonly CaseResult[]): string {
  const head = ["case", "place", "culprit", "family", "fix", "outcome", "citations", "cut", "calls", "tokens", "s"];
  const rows = results.map(({ name, expected, score }) => [
    name,
    expected.root_cause ? String(score.place ?? "none") : "-",
    mark(score.culprit),
    mark(score.family),
    mark(score.fix),
    mark(score.outcome),
    `${score.verbatim}/${score.citations}`,
    String(score.cut),
    String(score.toolCalls),
    String(score.tokens),
    score.seconds.toFixed(1),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const withCause = results.filter(({ expected }) => expected.root_cause);
  const within = (most: number) => withCause.filter(({ score }) => score.place !== null && score.place <= most).length;
  const average5 = [1, 2, 3, 4, 5].reduce((sum, most) => sum + within(most), 0);
  const count = (test: (result: CaseResult) => boolean) => results.filter(test).length;
  const citations = results.reduce((sum, { score }) => sum + score.citations, 0);
  const verbatim = results.reduce((sum, { score }) => sum + score.verbatim, 0);
  return [
    line(head),
    ...rows.map(line),
    "",
    `culprit service  AC@1 ${share(within(1), withCause.length)}  AC@3 ${share(within(3), withCause.length)}  Avg@5 ${share(average5, 5 * withCause.length)}`,
    `family ${share(
      count(({ score }) => score.family),
      results.length,
    )}  fix ${share(
      count(({ score }) => score.fix),
      results.length,
    )}  outcome ${share(
      count(({ score }) => score.outcome),
      results.length,
    )}`,
    `citations verbatim ${share(verbatim, citations)}  right in all ${share(
      count(({ score }) => isRight(score)),
      results.length,
    )}`,
  ].join("\n");
}
