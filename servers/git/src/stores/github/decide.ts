import { CouldNotLook } from "@oncall-copilot/core";
import { z } from "zod";
import { type Amendment, BranchMoved, type Note } from "../../store.ts";
import type { GitHub } from "./client.ts";
import { ForkWriter } from "./commit-on-fork.ts";
import { fullName, type RepoName } from "./name.ts";
import { GitHubRefusal } from "./refusal.ts";
import { unlessHidden } from "./rights.ts";
import { Anything, Comments, Pull, type Repo } from "./shapes.ts";

export interface PullAtGitHub {
  /** By the credential that opened it, which is its author. */
  readonly upstream: GitHub;
  /** By the credential that writes to the fork. */
  readonly fork: GitHub;
  readonly name: RepoName;
  readonly forkRepo: Repo;
  readonly pull: Pull;
}

/** Its author may do this; REST has nothing for it. */
const MARK_READY = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) {
    pullRequest { isDraft headRefOid }
  }
}`;

const Marked = z.object({
  markPullRequestReadyForReview: z.object({
    pullRequest: z.object({ isDraft: z.boolean(), headRefOid: z.string() }),
  }),
});

/**
 * Marks the draft as ready and says who approved it. GitHub lets an App do so only with the right to push, which no credential of
 * ours may have (github.com/cli/cli/issues/8910); then it is false, and the approval stands on the pull request for a person.
 */
export async function markReady(at: PullAtGitHub, note: Note, signal: AbortSignal): Promise<boolean> {
  await atHead(at, note.head, signal);
  const ready = at.pull.draft ? await tryToMark(at, note.head, signal) : true;
  await comment(at, note, signal);
  return ready;
}

async function tryToMark({ upstream, pull }: PullAtGitHub, head: string, signal: AbortSignal): Promise<boolean> {
  const told = await upstream.mutate({ query: MARK_READY, variables: { id: pull.node_id }, shape: Marked }, signal);
  if (told === "forbidden") return false;
  const { isDraft, headRefOid } = told.markPullRequestReadyForReview.pullRequest;
  // It was at the decided commit a moment ago. A push in that moment is told, and reviewers see it: nothing is merged by this.
  if (headRefOid !== head) throw new BranchMoved(headRefOid);
  if (isDraft) throw new CouldNotLook("bad_response", `${upstream.names.name} says that the draft is one still`);
  return true;
}

/** One more commit on the fork's branch. Gives its id. */
export async function amendPull(at: PullAtGitHub, amendment: Amendment, signal: AbortSignal): Promise<string> {
  const { fork, forkRepo, pull } = at;
  const writer = new ForkWriter(fork, { owner: forkRepo.owner.login, repo: forkRepo.name });
  const made = await writer.commit({ ...amendment, parent: amendment.head }, signal);
  const commit = await writer.moveBranch(pull.head.ref, made, amendment.head, signal);
  await comment(at, amendment, signal);
  return commit;
}

/** Says why, closes it, and deletes the fork's branch. */
export async function closePull(at: PullAtGitHub, note: Note, signal: AbortSignal): Promise<void> {
  const { upstream, fork, name, forkRepo, pull } = at;
  if (pull.state === "open") await atHead(at, note.head, signal);
  await comment(at, note, signal);
  if (pull.state === "open") {
    const params = { ...name, pull_number: pull.number, state: "closed" };
    await upstream.ask({ route: "PATCH /repos/{owner}/{repo}/pulls/{pull_number}", params, shape: Pull }, signal);
  }
  const params = { owner: forkRepo.owner.login, repo: forkRepo.name, ref: `heads/${pull.head.ref}` };
  try {
    await fork.ask({ route: "DELETE /repos/{owner}/{repo}/git/refs/{ref}", params, shape: Anything }, signal);
  } catch (error) {
    // GitHub says 422 of a branch that is gone: the decision was carried out before, or a person has tidied up.
    if (!(error instanceof GitHubRefusal) || (error.status !== 422 && error.status !== 404)) throw error;
  }
}

async function atHead({ upstream, name, pull }: PullAtGitHub, head: string, signal: AbortSignal): Promise<void> {
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}";
  const { data } = await upstream.ask({ route, params: { ...name, pull_number: pull.number }, shape: Pull }, signal);
  if (data.head.sha !== head) throw new BranchMoved(data.head.sha);
}

const MAX_PAGES = 3;

/** Says it once: a decision that is carried out again finds its own mark. */
async function comment({ upstream, name, pull }: PullAtGitHub, note: Note, signal: AbortSignal): Promise<void> {
  const issue = { ...name, issue_number: pull.number };
  for (let page = 1; page <= MAX_PAGES; page++) {
    const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
    const params = { ...issue, per_page: 100, page };
    const found = await unlessHidden(upstream.ask({ route, params, shape: Comments }, signal));
    if (!found) throw new CouldNotLook("forbidden", `${fullName(name)} shows no comments of #${pull.number}`);
    if (found.data.some(({ body }) => body?.includes(note.mark))) return;
    if (found.data.length < 100) break;
  }
  const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
  await upstream.ask({ route, params: { ...issue, body: note.body }, shape: Anything }, signal);
}
