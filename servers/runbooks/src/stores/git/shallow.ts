import { readFile } from "node:fs/promises";
import { git } from "./run.ts";

/** Full ids of the commits whose parents a shallow clone does not have. Empty for a repository with its whole history. */
export async function shallowBoundary(repository: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const where = ["rev-parse", "--path-format=absolute", "--git-path", "shallow"];
  const file = (await git(repository, where, signal)).toString("utf8").trimEnd();
  try {
    return new Set((await readFile(file, "utf8")).split("\n").filter((id) => id !== ""));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Set();
    throw error;
  }
}
