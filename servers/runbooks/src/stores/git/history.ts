import { CouldNotLook } from "@oncall-copilot/core";
import { git } from "./run.ts";
import { shallowBoundary } from "./shallow.ts";

/** The commit that last changed a file. */
export interface LastChange {
  readonly version: string;
  readonly editor: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

export interface LastChanges {
  /** By path from the repository's top. A file whose last change is not known is left out. */
  readonly byPath: ReadonlyMap<string, LastChange>;
  /** How many files were last changed at or before a shallow clone's boundary: nobody here knows when. */
  readonly cutOff: number;
}

/** Hash, committer's time and author of a commit, in one of the tokens that NULs part. */
const FORMAT = "commit%x09%H%x09%ct%x09%an";
const HEAD = /^\n?commit\t([0-9a-f]{40,64})\t(\d+)\t(.*)$/;
/** Hexadecimal digits of a commit that are told. */
const SHOWN = 10;

/**
 * For each file below `folder` the commit that last changed it, by one walk of the history from `commit`. Undefined when that
 * takes too long: then nobody knows. A commit at a shallow clone's boundary lists every file as added, so it is not taken for the
 * change of any.
 */
export async function lastChanges(
  repository: string,
  commit: string,
  folder: string,
  signal: AbortSignal,
): Promise<LastChanges | undefined> {
  const below = folder === "" ? [] : [folder];
  const walk = ["log", "--no-renames", "--no-ext-diff", "--no-textconv", "--name-only", "-z"];
  try {
    const boundary = await shallowBoundary(repository, signal);
    const output = await git(repository, [...walk, `--format=${FORMAT}`, commit, "--", ...below], signal);
    return parse(output.toString("utf8"), boundary);
  } catch (error) {
    if (error instanceof CouldNotLook && (error.reason === "timed_out" || error.reason === "too_large"))
      return undefined;
    throw error;
  }
}

function parse(output: string, boundary: ReadonlySet<string>): LastChanges {
  const byPath = new Map<string, LastChange>();
  const cutOff = new Set<string>();
  let change: LastChange | undefined;
  let atBoundary = false;
  for (const token of output.split("\0")) {
    const head = HEAD.exec(token);
    if (head) {
      const [, hash = "", seconds = "", editor = ""] = head;
      atBoundary = boundary.has(hash);
      change = { version: hash.slice(0, SHOWN), editor, updatedAt: Number(seconds) * 1000 };
      continue;
    }
    const path = token.replace(/^\n/, "");
    if (!change || path === "" || byPath.has(path) || cutOff.has(path)) continue;
    if (atBoundary) cutOff.add(path);
    else byPath.set(path, change);
  }
  return { byPath, cutOff: cutOff.size };
}
