import { GitError } from "@oncall-copilot/core/backend";
import { git } from "../git/run.ts";

/** Lines from first to last, both included, from 1. */
interface Range {
  readonly first: number;
  readonly last: number;
}

interface Hunk {
  readonly before: Range;
  readonly after: Range;
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm;

/**
 * The commits after `base` that changed the lines which `base` itself changed, as far as those lines are still there:
 * the hunks from `base` to `head` that meet its own hunks, and what `git blame` says of them.
 */
export async function linesChangedLater(
  gitDir: string,
  { base, head, path }: { base: string; head: string; path: string },
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const own = await hunks(gitDir, [`${base}^`, base], path, signal);
    const later = await hunks(gitDir, [base, head], path, signal);
    const met = later.filter(({ before }) =>
      own.some(({ after }) => before.first <= after.last && after.first <= before.last),
    );
    const ranges = met.filter(({ after }) => after.last >= after.first).slice(0, 20);
    if (ranges.length === 0) return [];
    const lines = ranges.flatMap(({ after }) => ["-L", `${after.first},${after.last}`]);
    const args = ["blame", "--porcelain", "--no-textconv", ...lines, `${base}..${head}`, "--", path];
    const blame = (await git(gitDir, args, { signal })).toString("utf8");
    const boundary = new Set(
      [...blame.matchAll(/^([0-9a-f]{40,64}) (?:(?!\n\t)[\s\S])*?\nboundary\n/gm)].map(([, sha]) => sha),
    );
    const named = [...blame.matchAll(/^([0-9a-f]{40,64}) \d+ \d+/gm)].map(([, sha = ""]) => sha);
    return [...new Set(named)].filter((sha) => !boundary.has(sha));
  } catch (error) {
    if (error instanceof GitError) return []; // the file is gone, or git cannot blame it: the caller knows another way
    throw error;
  }
}

async function hunks(gitDir: string, commits: readonly string[], path: string, signal: AbortSignal): Promise<Hunk[]> {
  const args = ["diff-tree", "-p", "--unified=0", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const diff = (await git(gitDir, [...args, ...commits, "--", path], { signal })).toString("utf8");
  return [...diff.matchAll(HUNK)].map(([, start, count = "1", newStart, newCount = "1"]) => ({
    before: range(Number(start), Number(count)),
    after: range(Number(newStart), Number(newCount)),
  }));
}

const range = (first: number, count: number): Range => ({ first, last: first + count - 1 });
