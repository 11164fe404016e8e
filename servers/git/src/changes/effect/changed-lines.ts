import type { FileDiff } from "../unified-diff.ts";

/** One file of a diff: its two versions as far as the diff shows them, and the lines that only one of them has. */
export interface ChangedText {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** The lines around and git's headings of hunks: what the change stands in. */
  readonly around: readonly string[];
  /** Lines of the version after, from 1, that the hunks' changed lines span. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

const NAME = /^(?:\+\+\+|---) [ab]\/(.+)$/;
const HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;

/** Reads parsed files of a unified diff; what is only renamed or binary has no lines and is left out. */
export function changedTexts(files: readonly FileDiff[]): ChangedText[] {
  return files.flatMap(({ header, hunks }) => {
    const names = header.flatMap((line) => NAME.exec(line)?.[1] ?? []);
    const path = names.at(-1);
    if (path === undefined || hunks.length === 0) return [];
    const lines = hunks.flatMap((hunk) => hunk.slice(1)).filter((line) => !line.startsWith("\\"));
    const of = (...signs: string[]) =>
      lines.filter((line) => signs.includes(line.slice(0, 1))).map((line) => line.slice(1));
    const headings = hunks.flatMap(([head = ""]) => HUNK.exec(head)?.[2] || []);
    return [
      {
        path: path.replace(/\t$/, ""),
        before: of(" ", "-", "").join("\n"),
        after: of(" ", "+", "").join("\n"),
        removed: of("-"),
        added: of("+"),
        around: [...headings, ...nearby(hunks)],
        spans: hunks.flatMap(spanOf),
      },
    ];
  });
}

/** So many lines before and after a changed one belong to it, where a diff shows more. */
const MAX_AROUND = 3;

function nearby(hunks: readonly (readonly string[])[]): string[] {
  const isChange = (line: string | undefined) => line?.startsWith("+") || line?.startsWith("-");
  return hunks.flatMap((hunk) => {
    const lines = hunk.slice(1);
    return lines.flatMap((line, index) =>
      !isChange(line) && lines.slice(Math.max(0, index - MAX_AROUND), index + MAX_AROUND + 1).some(isChange)
        ? [line.slice(1)]
        : [],
    );
  });
}

/** Runs of changed lines by their numbers in the version after; where lines are only taken out, the line that follows. */
function spanOf(hunk: readonly string[]): { from: number; to: number }[] {
  let line = Number(HUNK.exec(hunk[0] ?? "")?.[1] ?? 0);
  const spans: { from: number; to: number }[] = [];
  for (const text of hunk.slice(1)) {
    if (text.startsWith("+") || text.startsWith("-")) {
      const last = spans.at(-1);
      if (last && line - last.to <= 1) last.to = line;
      else spans.push({ from: line, to: line });
    }
    if (!text.startsWith("-") && !text.startsWith("\\")) line++;
  }
  return spans;
}
