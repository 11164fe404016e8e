import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Board } from "./board.ts";
import { renderHtml } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";

/** The folder in which a case's report is kept beside its scoreboard. */
export const caseFolder = (out: string, name: string): string => join(out, "cases", name);

/** Writes both scoreboards and gives their paths. The reports are kept as the cases run; see {@link caseFolder}. */
export async function writeBoard(board: Board, out: string): Promise<string[]> {
  await mkdir(out, { recursive: true });
  const files = [join(out, "scoreboard.html"), join(out, "scoreboard.md")] as const;
  await writeFile(files[0], renderHtml(board));
  await writeFile(files[1], renderMarkdown(board));
  return [...files];
}
