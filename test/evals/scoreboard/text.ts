import { textTable } from "../figures/table.ts";
import { type Board, caseTable, commitTable, figureTable, rankingTable, titleOf } from "./board.ts";

/** The scoreboard for a terminal: the cases, misses first, then the figures. Intervals are 95 % (Wilson). */
export function renderText(board: Board): string {
  const tables = [caseTable(board.cases), figureTable(board.groups), commitTable(board)];
  if (board.rankings.report.length > 0) tables.push(rankingTable(board.rankings));
  return [titleOf(board), ...tables.map(({ head, rows }) => textTable(head, rows))].join("\n\n");
}
