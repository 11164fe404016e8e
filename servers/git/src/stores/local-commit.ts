import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, gitText } from "../git/run.ts";
import type { FileChange } from "../store.ts";

/** Who commits. The address is of a domain that cannot exist (RFC 2606), so that nobody is mailed. */
export const IDENTITY = { name: "oncall-copilot", email: "oncall-copilot@noreply.invalid" };

export interface NewCommit {
  /** The files are changes of this commit's. */
  readonly base: string;
  /** What it stands on. */
  readonly parent: string;
  readonly files: readonly FileChange[];
  readonly message: string;
  /** Its author's name; the committer is always oncall-copilot. */
  readonly author: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Makes a commit of the base with the changed files only, through an index of its own: nothing is checked out. */
export async function commitFiles(
  gitDir: string,
  { base, parent, files, message, author, at }: NewCommit,
  signal: AbortSignal,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    await git(gitDir, ["read-tree", base], { signal, env });
    const entries: string[] = [];
    for (const { path, after } of files) {
      const blob = after
        ? await gitText(gitDir, ["hash-object", "-w", "--stdin", "--no-filters"], { signal, input: after.content })
        : "0".repeat(base.length);
      entries.push(`${after?.mode ?? "0"} ${blob}\t${path}\0`);
    }
    await git(gitDir, ["update-index", "-z", "--index-info"], { signal, env, input: entries.join("") });
    const tree = await gitText(gitDir, ["write-tree"], { signal, env });
    const date = `${Math.floor(at / 1000)} +0000`;
    const who = {
      ...{ GIT_AUTHOR_NAME: author, GIT_AUTHOR_EMAIL: IDENTITY.email, GIT_AUTHOR_DATE: date },
      ...{ GIT_COMMITTER_NAME: IDENTITY.name, GIT_COMMITTER_EMAIL: IDENTITY.email, GIT_COMMITTER_DATE: date },
    };
    return await gitText(gitDir, ["commit-tree", tree, "-p", parent, "-F", "-"], { signal, env: who, input: message });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
