import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitError, git } from "./run.ts";

/**
 * Merges three versions of one text file with `git merge-file`, which needs no repository. Undefined when they conflict.
 */
export async function mergeFile(
  versions: { readonly ours: Buffer; readonly base: Buffer; readonly theirs: Buffer },
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-merge-"));
  try {
    const [ours, base, theirs] = ["ours", "base", "theirs"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([
      writeFile(ours, versions.ours),
      writeFile(base, versions.base),
      writeFile(theirs, versions.theirs),
    ]);
    return await git(undefined, ["merge-file", "--stdout", "--quiet", ours, base, theirs], { signal });
  } catch (error) {
    if (error instanceof GitError && error.code > 0 && error.code < 128) return undefined; // so many conflicts
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
