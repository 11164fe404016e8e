import { wholeWords } from "@oncall-copilot/core";

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
  const files: { header: string[]; hunks: string[][]; readonly named: string }[] = [];
  const lines = diff.replace(/\n$/, "").split("\n");
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    if (line.startsWith("diff --git ")) files.push({ header: [], hunks: [], named: line });
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
  // An empty file that goes, or a mode that changes, has nothing but this line to say whose it is.
  return files.map(({ header, hunks, named }) => ({
    header: hunks.length > 0 || header.some((line) => NAMES_FILE.test(line)) ? header : [named, ...header],
    hunks,
  }));
}

/** Header lines that tell a file's name. */
const NAMES_FILE = /^(?:--- |\+\+\+ |rename |copy |Binary files )/;

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

/** A place in a diff: a hunk, counted over all files, and a line of it. */
export interface Place {
  readonly hunk: number;
  readonly line: number;
}

export interface CutDiff {
  readonly text: string;
  readonly shownLines: number;
  readonly allLines: number;
  /** Where the next page begins, undefined when this one reaches the end. */
  readonly next: Place | undefined;
}

export interface Cut {
  /** Most lines. */
  readonly lines: number;
  /** Most characters of a line: a minified bundle's single line would fill every answer. */
  readonly lineLength: number;
  readonly from?: Place | undefined;
}

/** A line, or its beginning and how much is left out. */
export function shorten(line: string, most: number): string {
  return line.length <= most ? line : `${line.slice(0, most)} [${line.length - most} more characters]`;
}

/** The same for prose, which is cut between words. */
export function shortenProse(text: string, most: number): string {
  const kept = wholeWords(text, most);
  if (kept === text) return text;
  return `${kept === "" ? "" : `${kept} `}[${text.length - kept.length} more characters]`;
}

/**
 * As many whole hunks as fit, each file's header before its first. When not even one fits, its first lines are shown,
 * since a cut hunk says more than none; the next page goes on right there.
 */
export function cutDiff(files: readonly FileDiff[], { lines: most, lineLength, from }: Cut): CutDiff {
  const units = files.flatMap((file) => {
    if (file.hunks.length === 0) return [{ header: file.header, hunk: [] as Hunk, first: true }];
    return file.hunks.map((hunk, index) => ({ header: file.header, hunk, first: index === 0 }));
  });
  const allLines = units.reduce((sum, unit) => sum + unit.hunk.length + (unit.first ? unit.header.length : 0), 0);
  const text: string[] = [];
  let place = from ?? { hunk: 0, line: 0 };
  for (let unit = units[place.hunk]; unit; unit = units[place.hunk]) {
    const header = unit.first || text.length === 0 ? unit.header : [];
    const left = unit.hunk.slice(place.line);
    const room = most - text.length - header.length;
    if (left.length > room) {
      if (text.length === 0 && room > 0) {
        text.push(...header, ...left.slice(0, room));
        place = { hunk: place.hunk, line: place.line + room };
      }
      break;
    }
    text.push(...header, ...left);
    place = { hunk: place.hunk + 1, line: 0 };
  }
  const next = place.hunk < units.length ? place : undefined;
  return { text: text.map((line) => shorten(line, lineLength)).join("\n"), shownLines: text.length, allLines, next };
}
