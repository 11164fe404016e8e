/** A hunk with its `@@` line first; lines as they stand in the diff. */
type Hunk = readonly string[];

export interface FileDiff {
  /** `--- a/x`, `+++ b/x`, and what else the header says that matters (renames, modes, binary). */
  readonly header: readonly string[];
  readonly hunks: readonly Hunk[];
}

const COUNTS = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** Header lines that only git needs. */
const NOISE = /^(?:diff --git |index |similarity index |dissimilarity index )/;

/**
 * Takes git's unified diff apart. A hunk's lines are counted from its `@@` line, so a changed line that itself looks like
 * a header stays in its hunk.
 */
export function parseDiff(diff: string): FileDiff[] {
  const files: { header: string[]; hunks: string[][] }[] = [];
  const lines = diff.replace(/\n$/, "").split("\n");
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    if (line.startsWith("diff --git ")) files.push({ header: [], hunks: [] });
    const counts = COUNTS.exec(line);
    const file = files.at(-1);
    if (!file) {
      index++;
    } else if (!counts) {
      if (!NOISE.test(line)) file.header.push(line);
      index++;
    } else {
      const end = endOfHunk(lines, index + 1, Number(counts[1] ?? 1), Number(counts[2] ?? 1));
      file.hunks.push(lines.slice(index, end));
      index = end;
    }
  }
  return files;
}

function endOfHunk(lines: readonly string[], start: number, before: number, after: number): number {
  let [index, old, now] = [start, before, after];
  for (; index < lines.length; index++) {
    const mark = lines[index]?.[0];
    if (mark === "\\") continue; // "\ No newline at end of file"
    if (old <= 0 && now <= 0) break;
    if (mark !== "+") old--;
    if (mark !== "-") now--;
  }
  return index;
}

export interface CutDiff {
  readonly text: string;
  readonly shownLines: number;
  readonly allLines: number;
  /** How many files and hunks were passed over or whole before the cut; where the next page starts. */
  readonly nextHunk: number | undefined;
}

/** Longest line that is shown, in characters: a minified bundle's single line would fill every answer. */
const LONGEST_LINE = 400;

function shorten(line: string): string {
  return line.length <= LONGEST_LINE
    ? line
    : `${line.slice(0, LONGEST_LINE)} [${line.length - LONGEST_LINE} more characters]`;
}

/**
 * As many whole hunks as fit into `most` lines, from the hunk numbered `from` (counted over all files) on. When not even
 * one fits, its first lines are shown, since a cut hunk says more than none.
 */
export function cutDiff(files: readonly FileDiff[], most: number, from = 0): CutDiff {
  const units = files.flatMap((file) => {
    if (file.hunks.length === 0) return [{ header: file.header, hunk: [] as Hunk, first: true }];
    return file.hunks.map((hunk, index) => ({ header: file.header, hunk, first: index === 0 }));
  });
  const allLines = units.reduce((sum, unit) => sum + unit.hunk.length + (unit.first ? unit.header.length : 0), 0);
  const text: string[] = [];
  let next = from;
  for (; next < units.length; next++) {
    const unit = units[next];
    if (!unit) break;
    const header = unit.first || next === from ? unit.header : [];
    const room = most - text.length;
    if (header.length + unit.hunk.length > room) {
      if (text.length === 0 && room > header.length + 1) {
        text.push(...header, ...unit.hunk.slice(0, room - header.length));
        next++;
      }
      break;
    }
    text.push(...header, ...unit.hunk);
  }
  const shownLines = text.length;
  return { text: text.map(shorten).join("\n"), shownLines, allLines, nextHunk: next < units.length ? next : undefined };
}
