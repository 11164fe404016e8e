import { CouldNotLook } from "@oncall-copilot/core";
import { git } from "./run.ts";

/** The commit that last changed a file. */
export interface LastChange {
  readonly version: string;
  readonly editor: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** Hash, committer's time and author of a commit, in one of the tokens that NULs part. */
const FORMAT = "commit%x09%H%x09%ct%x09%an";
const HEAD = /^\n?commit\t([0-9a-f]{40,64})\t(\d+)\t(.*)$/;
/** Hexadecimal digits of a commit that are told. */
const SHOWN = 10;

/**
 * For each file below `folder` the commit that last changed it, by one walk of the history from `commit`. Undefined when that
 * takes too long: then nobody knows.
 */
export async function lastChanges(
  repository: string,
  commit: string,
  folder: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LastChange> | undefined> {
  const below = folder === "" ? [] : [folder];
  const walk = ["log", "--no-renames", "--no-ext-diff", "--no-textconv", "--name-only", "-z"];
  try {
    const output = await git(repository, [...walk, `--format=${FORMAT}`, commit, "--", ...below], signal);
    return parse(output.toString("utf8"));
  } catch (error) {
    if (error instanceof CouldNotLook && (error.reason === "timed_out" || error.reason === "too_large"))
      return undefined;
    throw error;
  }
}

function parse(output: string): Map<string, LastChange> {
  const found = new Map<string, LastChange>();
  let change: LastChange | undefined;
  for (const token of output.split("\0")) {
    const head = HEAD.exec(token);
    if (head) {
      const [, hash = "", seconds = "", editor = ""] = head;
      change = { version: hash.slice(0, SHOWN), editor, updatedAt: Number(seconds) * 1000 };
      continue;
    }
    const path = token.replace(/^\n/, "");
    if (change && path !== "" && !found.has(path)) found.set(path, change);
  }
  return found;
}
