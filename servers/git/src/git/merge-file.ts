import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { GitError } from "@oncall-copilot/core/backend";
import { git } from "./run.ts";

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
    // From its own folder, so that no repository around the working directory has a say.
    const env = { GIT_CEILING_DIRECTORIES: dirname(folder) };
    const args = ["-C", folder, "merge-file", "--stdout", "--quiet", ours, base, theirs];
    return await git(undefined, args, { signal, env });
  } catch (error) {
    if (error instanceof GitError && error.code > 0 && error.code < 128) return undefined; // so many conflicts
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
