import { nearest } from "@oncall-copilot/core";
import { mergeFile } from "../git/merge-file.ts";
import { FULL_ID, short } from "../git/object-id.ts";
import { shownPath } from "../paths/shown-path.ts";
import type { Commit, FileChange, FileVersion, Repository } from "../store.ts";
import { refusal } from "./refuse.ts";

export interface Reverting {
  readonly repository: Repository;
  /** What the branch is at: the pull request's base. */
  readonly base: string;
  readonly signal: AbortSignal;
}

/** The commit to revert, which must be named in full and be part of the upstream as of now. */
export async function commitToRevert(id: string, { repository, base, signal }: Reverting): Promise<Commit> {
  const sha = id.trim().toLowerCase();
  if (!FULL_ID.test(sha)) {
    throw refusal("unknown_commit", `revert takes a full commit id, not "${id.slice(0, 80)}"`, [
      "the 40 hex digits that read_changes gives",
    ]);
  }
  const commit = await repository.commit(sha, base, signal);
  if (!commit) {
    throw refusal(
      "unknown_commit",
      `${short(sha)} is not in the history of ${repository.branch} of ${repository.name}`,
    );
  }
  if (commit.parents.length === 0) {
    throw refusal("cannot_revert", `${short(sha)} is the first commit; there is nothing before it to go back to`);
  }
  if (commit.parents.length > 2) {
    throw refusal(
      "cannot_revert",
      `${short(sha)} merges ${commit.parents.length - 1} branches at once; revert them one by one`,
    );
  }
  return commit;
}

/**
 * Takes a commit back on top of `base`, file by file, as `git revert` does: a three-way merge of the file now with the
 * file before the commit, over the file the commit left (for a merge, against its first parent: `-m 1`).
 */
export async function revertCommit(commit: Commit, options: Reverting): Promise<FileChange[]> {
  const { repository, base, signal } = options;
  const changes: FileChange[] = [];
  const conflicts: string[] = [];
  for (const { path } of commit.files) {
    const [before, left, now] = await Promise.all([
      repository.file(path, commit.parents[0] ?? "", signal),
      repository.file(path, commit.sha, signal),
      repository.file(path, base, signal),
    ]);
    const merged = await takeBack({ before, left, now }, signal);
    if (merged === "conflict") conflicts.push(path);
    else if (!same(merged, now)) changes.push({ path, before: now, after: merged });
  }
  if (conflicts.length > 0) throw await conflictOf(conflicts, commit, options);
  if (changes.length === 0) {
    throw refusal("already_reverted", `what ${short(commit.sha)} changed is not in ${repository.branch} any more`);
  }
  return changes;
}

type Versions = Readonly<Record<"before" | "left" | "now", FileVersion | undefined>>;

async function takeBack(
  { before, left, now }: Versions,
  signal: AbortSignal,
): Promise<FileVersion | undefined | "conflict"> {
  if (same(now, left)) return before;
  if (same(now, before)) return now; // taken back already
  if (!now || !left || !before) return "conflict"; // added or deleted by one, changed by the other
  const mode = now.mode === left.mode ? before.mode : now.mode;
  const plain = [before, left, now].every((version) => version.mode.startsWith("100") && !isBinary(version.content));
  const content = plain
    ? await mergeFile({ ours: now.content, base: left.content, theirs: before.content }, signal)
    : undefined;
  return content ? { content, mode } : "conflict";
}

function same(a: FileVersion | undefined, b: FileVersion | undefined): boolean {
  if (!a || !b) return a === b;
  return a.mode === b.mode && a.content.equals(b.content);
}

/** As git tells binary files: a NUL among the first 8,000 bytes. */
export function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8_000).includes(0);
}

async function conflictOf(paths: readonly string[], commit: Commit, { repository, base, signal }: Reverting) {
  const told: string[] = [];
  for (const path of paths.slice(0, 5)) {
    const later = await repository.changedSince(commit.sha, base, path, signal);
    const shas = later.items.slice(0, 5).map(({ sha }) => short(sha));
    told.push(`${shownPath(path)}${shas.length > 0 ? ` (changed since by ${shas.join(", ")})` : ""}`);
  }
  const more = paths.length > told.length ? ` and ${paths.length - told.length} more files` : "";
  return refusal("conflict", `${short(commit.sha)} cannot be taken back cleanly: ${told.join("; ")}${more}`, [
    "edits that do what is left of the revert",
    "the later commits, with read_changes and commit",
  ]);
}

/** For messages that offer paths near a wrong one. */
export function nearestPaths(path: string, paths: readonly string[]): string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const byName = paths.filter((candidate) => candidate.endsWith(`/${name}`) || candidate === name).slice(0, 3);
  return byName.length > 0 ? byName : nearest(path, paths.slice(0, 5_000), 3);
}
