import type { LineEdit } from "./diff-sections.ts";

/** Lines from first to last, both included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** One commit's edits of one file. */
export interface FileEdits {
  readonly sha: string;
  readonly edits: readonly LineEdit[];
}

/**
 * Which of the later commits, given oldest first, changed lines that `own` edits left: the lines are followed from commit to
 * commit as others move them, and whatever a commit makes of them is followed on.
 */
export function changedThese(own: readonly LineEdit[], later: readonly FileEdits[]): string[] {
  let ranges: Range[] = own
    .filter(({ after }) => after.count > 0)
    .map(({ after }) => ({ first: after.first, last: after.first + after.count - 1 }));
  const changed: string[] = [];
  for (const { sha, edits } of later) {
    if (edits.some((edit) => ranges.some((range) => meets(edit, range)))) changed.push(sha);
    ranges = ranges.map((range) => follow(range, edits)).filter(({ first, last }) => last >= first);
  }
  return changed;
}

const meets = ({ before }: LineEdit, { first, last }: Range) =>
  before.count > 0
    ? before.first <= last && first <= before.first + before.count - 1
    : before.first > first && before.first <= last;

/** Where a range is after a commit: an end that the commit replaced moves to the end of what it put there. */
function follow({ first, last }: Range, edits: readonly LineEdit[]): Range {
  const around = (line: number) =>
    edits.find(({ before }) => before.first <= line && line < before.first + before.count)?.after;
  const moved = (line: number) =>
    edits
      .filter(({ before }) => before.first + before.count <= line)
      .reduce((at, { before, after }) => at + after.count - before.count, line);
  const [top, bottom] = [around(first), around(last)];
  return { first: top?.first ?? moved(first), last: bottom ? bottom.first + bottom.count - 1 : moved(last) };
}
