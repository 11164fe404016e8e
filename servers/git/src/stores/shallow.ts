import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Commit } from "../store.ts";

/**
 * Full ids of the commits at which a shallow clone ends: their parents are not there, so git shows all that they hold as added. Empty for a
 * repository with its whole history. https://git-scm.com/docs/shallow
 */
export async function shallowBoundary(gitDir: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await readFile(join(gitDir, "shallow"), "utf8")).split("\n").filter((id) => id !== ""));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Set();
    throw error;
  }
}

/** What makes a clone whole, wherever it was made shallow. */
export const UNSHALLOW =
  "run git fetch --unshallow there, or have it cloned whole (git-sync: --depth=0, actions/checkout: fetch-depth: 0)";

const day = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** What a history that is cut within a window keeps from being told. `ends` are the commits at which it is cut. */
export function cutHistoryGaps(name: string, ends: readonly Commit[], from: number): string[] {
  const [newest] = ends.filter(({ committedAt }) => committedAt >= from).sort((a, b) => b.committedAt - a.committedAt);
  if (!newest) return [];
  return [
    `${name} is a shallow clone whose history begins at ${newest.sha.slice(0, 10)} (${day(newest.committedAt)}): what that commit and those before it changed, when that came, and what was taken back of it is not known; ${UNSHALLOW}`,
  ];
}
