import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Case } from "./case.ts";

export interface PruneOptions {
  /** Where the clones and local forks of cases lie, a folder for each. */
  readonly folder: string;
  find(caseId: string): Promise<Case | null>;
  /** How long a folder stays after its case ended, in milliseconds. */
  readonly keepMs: number;
  readonly now: number;
}

/**
 * Removes the clones and local forks of cases that ended long enough ago, or that are kept no longer and whose folder nobody has
 * written to for as long. Whatever else lies there is left alone. Gives the cases whose folders went.
 */
export async function pruneWork({ folder, find, keepMs, now }: PruneOptions): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const gone: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const path = join(folder, name);
    const git = await stat(join(path, "git")).catch(() => null);
    if (!git) continue;
    const one = await find(name);
    // A case of another store is none of ours to judge by anything but its age.
    const since = one ? one.ended_at : git.mtimeMs;
    if (since === null || since + keepMs > now) continue;
    await rm(path, { recursive: true, force: true });
    gone.push(name);
  }
  return gone;
}
