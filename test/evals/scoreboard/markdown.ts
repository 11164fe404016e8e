import { plain } from "../../../agent-host/src/deliver/markdown.ts";
import {
  type Board,
  type BoardCase,
  caseTable,
  commitTable,
  figureTable,
  rankingTable,
  saidOf,
  titleOf,
  truthOf,
} from "./board.ts";
import { reportLink } from "./links.ts";

/** The scoreboard as GitHub-flavoured Markdown, the misses first. */
export function renderMarkdown(board: Board): string {
  const missed = board.cases.filter(({ misses }) => misses.length > 0);
  const cases = caseTable(board.cases);
  const linked = board.cases.map(({ result }, index) => [
    `[${plain(result.name)}](${reportLink(result.name, "report.md")})`,
    ...(cases.rows[index] ?? []).slice(1).map(plain),
  ]);
  return `${[
    `# ${plain(titleOf(board))}`,
    `## Misses (${missed.length})`,
    missed.length === 0 ? "None." : missed.map(miss).join("\n\n"),
    "## Figures",
    table(escaped(figureTable(board.groups))),
    "Shares with their 95 % interval (Wilson 1927). `-`: no case raises the question.",
    table(escaped(commitTable(board))),
    ...(board.rankings.report.length === 0
      ? []
      : ["## The ranking by itself", table(escaped(rankingTable(board.rankings)))]),
    "## Cases",
    table({ head: cases.head, rows: linked }),
  ].join("\n\n")}\n`;
}

const escaped = ({ head, rows }: { head: string[]; rows: string[][] }) => ({
  head,
  rows: rows.map((row) => row.map(plain)),
});

function table({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function miss(one: BoardCase): string {
  const { report, name } = one.result;
  const suspects = report.suspects.slice(0, 5).map((suspect) => `${plain(suspect.name)} ${suspect.score.toFixed(2)}`);
  return [
    `### ${plain(name)}: ${plain(one.misses.join(", "))}`,
    [
      `- true: ${plain(truthOf(one))}`,
      `- said: ${plain(saidOf(one))}`,
      `- suspects: ${suspects.length === 0 ? "none" : suspects.join(", ")}`,
      `- [report](${reportLink(name, "report.md")}) ([JSON](${reportLink(name, "report.json")}))`,
    ].join("\n"),
  ].join("\n\n");
}
