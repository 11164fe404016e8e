import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GitError } from "@oncall-copilot/core/backend";
import { git, gitText } from "../git/run.ts";
import { type Amendment, BranchMoved, type Note, type PullRequest } from "../store.ts";
import { workdirProblem } from "./bundle.ts";
import { commitFiles } from "./local-commit.ts";

/** Where a draft of the local fork lies. */
export interface LocalDraft {
  /** The fork's repository folder. */
  readonly gitDir: string;
  /** Of its record, its Markdown and its diff. */
  readonly folder: string;
  readonly pullRequest: PullRequest;
}

const NOTES = "decisions.md";

/** Marks the draft as ready for review. */
export async function markReady(draft: LocalDraft, note: Note, signal: AbortSignal): Promise<void> {
  await atHead(draft, note.head, signal);
  await record(draft, { status: "open" });
  await say(draft, note);
}

/** One more commit on the branch, as the person who edited it. Gives its id. */
export async function amendDraft(draft: LocalDraft, amendment: Amendment, signal: AbortSignal): Promise<string> {
  const { gitDir, folder, pullRequest } = draft;
  const { base, files, message, author, at, head } = amendment;
  const commit = await commitFiles(gitDir, { base, parent: head, files, message, author, at }, signal);
  const tip = await tipOf(draft, signal);
  if (tip !== head && !(await saysTheSame(gitDir, tip, commit, signal))) throw new BranchMoved(tip);
  if (tip === head) {
    // Fails where someone else has moved the branch in this very moment.
    await git(gitDir, ["update-ref", `refs/heads/${pullRequest.branch}`, commit, head], { signal });
  }
  const now = tip === head ? commit : tip;
  await replace(join(folder, "pull-request.diff"), amendment.diff);
  await record(draft, { commit: now, files: files.map(({ path }) => path).sort() });
  await say(draft, amendment);
  return now;
}

/** Closes the draft. Its folder stays, so that the same fix is not opened again. */
export async function closeDraft(draft: LocalDraft, note: Note, signal: AbortSignal): Promise<void> {
  const ref = `refs/heads/${draft.pullRequest.branch}`;
  try {
    await git(draft.gitDir, ["update-ref", "-d", ref, note.head], { signal }); // only if it is there still
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const left = await gitText(draft.gitDir, ["for-each-ref", "--format=%(objectname)", ref], { signal });
    if (left !== "") throw new BranchMoved(left);
  }
  await record(draft, { status: "closed" });
  await say(draft, note);
}

async function tipOf({ gitDir, pullRequest }: LocalDraft, signal: AbortSignal): Promise<string> {
  const ref = `refs/heads/${pullRequest.branch}`;
  const tip = await gitText(gitDir, ["for-each-ref", "--format=%(objectname)", ref], { signal });
  return tip === "" ? pullRequest.commit : tip;
}

async function atHead(draft: LocalDraft, head: string, signal: AbortSignal): Promise<void> {
  const tip = await tipOf(draft, signal);
  if (tip !== head) throw new BranchMoved(tip);
}

/** The same change, put there by a call that was stopped before it could say so. */
async function saysTheSame(gitDir: string, tip: string, commit: string, signal: AbortSignal): Promise<boolean> {
  const facts = (id: string) => gitText(gitDir, ["log", "-1", "--format=%T %P", "--end-of-options", id], { signal });
  return (await facts(tip)) === (await facts(commit));
}

async function record({ folder }: LocalDraft, changed: object): Promise<void> {
  const file = join(folder, "pull-request.json");
  const known = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  const next = { ...known, ...changed };
  await replace(file, `${JSON.stringify({ ...next, draft: (next["status"] ?? "draft") === "draft" }, null, 2)}\n`);
}

/** Beside the pull request, as comments would be. */
async function say({ folder }: LocalDraft, { body, mark, at }: Note): Promise<void> {
  const file = join(folder, NOTES);
  const said = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (said.includes(mark)) return;
  await replace(file, `${said}## ${new Date(at).toISOString()}\n\n${body}\n`);
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    throw workdirProblem(error, "ONCALL_GIT_FORK");
  } finally {
    await rm(draft, { force: true }).catch(() => {}); // what failed before says more
  }
}
