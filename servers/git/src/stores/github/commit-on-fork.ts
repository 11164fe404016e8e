import { CouldNotLook } from "@oncall-copilot/core";
import type { z } from "zod";
import { BranchMoved, type FileChange } from "../../store.ts";
import type { GitHub } from "./client.ts";
import { fullName, type RepoName } from "./name.ts";
import { GitHubRefusal } from "./refusal.ts";
import { unlessHidden } from "./rights.ts";
import { Anything, Branch, Created, GitCommit, Ref } from "./shapes.ts";

/** Who commits. The address is of a domain that cannot exist (RFC 2606), so that nobody is mailed. */
const IDENTITY = { name: "oncall-copilot", email: "oncall-copilot@noreply.invalid" };

const WORKFLOWS =
  "a person must sync the fork (its page has a button for it), since the upstream changed workflow files and GitHub lets only the permission workflows: write bring those over";

export interface NewCommit {
  /** The files are changes of this commit's. */
  readonly base: string;
  /** What it stands on. Default: the base. */
  readonly parent?: string;
  readonly files: readonly FileChange[];
  readonly message: string;
  /** Its author's name. Default: the committer's, oncall-copilot. */
  readonly author?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Writes to one fork, and to nothing else, by the Git Data API: no clone, no checkout. */
export class ForkWriter {
  readonly #github: GitHub;
  readonly #name: RepoName;

  constructor(github: GitHub, name: RepoName) {
    this.#github = github;
    this.#name = name;
  }

  /**
   * Sees to it that the fork has the base. Forks share their objects with the upstream, but only what a branch of the fork holds
   * is sure to be there; so its branch is brought up to date, which never merges into anything but the fork itself.
   */
  async bringUpToDate(branch: string, base: string, signal: AbortSignal): Promise<void> {
    const params = { ...this.#name, branch };
    const at = await unlessHidden(
      this.#github.ask({ route: "GET /repos/{owner}/{repo}/branches/{branch}", params, shape: Branch }, signal),
    );
    if (at?.data.commit.sha === base) return;
    let why: GitHubRefusal | undefined;
    try {
      await this.#github.ask({ route: "POST /repos/{owner}/{repo}/merge-upstream", params, shape: Anything }, signal);
    } catch (error) {
      if (!(error instanceof GitHubRefusal) || error.reason === "rate_limited") throw error;
      why = error; // it may have the base all the same: the next request tells
    }
    const commit_sha = base;
    const route = "GET /repos/{owner}/{repo}/git/commits/{commit_sha}";
    const there = await unlessHidden(
      this.#github.ask({ route, params: { ...this.#name, commit_sha }, shape: GitCommit }, signal),
    );
    if (there) return;
    const cure = /workflow/i.test(why?.said ?? "")
      ? WORKFLOWS
      : "have a person sync the fork (its page has a button for it)";
    const said = why?.said ? ` (${why.status}: ${why.said})` : "";
    throw new CouldNotLook(
      "forbidden",
      `${fullName(this.#name)} could not be brought up to date with ${branch}${said}`,
      { cure },
    );
  }

  /** One commit of the base with the changed files only. Gives its id; no branch has it yet. */
  async commit(
    { base, parent: on = base, files, message, author, at }: NewCommit,
    signal: AbortSignal,
  ): Promise<{ sha: string; tree: string }> {
    const from = await this.#read(base, signal);
    const entries = [];
    for (const change of files) entries.push(await this.#entry(change, signal));
    const tree = await this.#post("trees", { base_tree: from.tree.sha, tree: entries }, Created, signal);
    const committer = { ...IDENTITY, date: `${new Date(at).toISOString().slice(0, 19)}Z` };
    const by = author === undefined ? committer : { ...committer, name: author };
    const made = await this.#post(
      "commits",
      { message, tree: tree.sha, parents: [on], author: by, committer },
      GitCommit,
      signal,
    );
    const [parent, ...others] = made.parents;
    if (made.tree.sha !== tree.sha || parent?.sha !== on || others.length > 0) {
      throw new CouldNotLook("bad_response", `${this.#github.names.name} made another commit than it was asked for`);
    }
    return { sha: made.sha, tree: tree.sha };
  }

  /**
   * Sets the branch. One that is there already was left by a call that ended before its pull request, or is being made by another
   * one now: it is kept when it says the same. Gives the commit that the branch is at.
   */
  async setBranch(
    branch: string,
    made: { sha: string; tree: string },
    base: string,
    signal: AbortSignal,
  ): Promise<string> {
    try {
      await this.#post("refs", { ref: `refs/heads/${branch}`, sha: made.sha }, Ref, signal);
      return made.sha;
    } catch (error) {
      if (!(error instanceof GitHubRefusal)) throw error;
      if (/workflow/i.test(error.said)) {
        throw new CouldNotLook("forbidden", `${error.message}; ${WORKFLOWS}`, { tryNext: [WORKFLOWS] });
      }
      if (!/already exists/i.test(error.said)) throw error;
    }
    const ref = `heads/${branch}`;
    const sha = await this.#tip(ref, signal);
    const commit = await this.#read(sha, signal);
    if (commit.tree.sha === made.tree && commit.parents.length === 1 && commit.parents[0]?.sha === base) return sha;
    await this.#github.ask(
      {
        route: "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
        params: { ...this.#name, ref, sha: made.sha, force: true },
        shape: Ref,
      },
      signal,
    );
    return made.sha;
  }

  /**
   * Moves the branch on from `head`, never by force. One that says the same already was moved by a call that was stopped before it
   * could tell. Gives the commit that the branch is at.
   */
  async moveBranch(
    branch: string,
    made: { sha: string; tree: string },
    head: string,
    signal: AbortSignal,
  ): Promise<string> {
    const ref = `heads/${branch}`;
    const sha = await this.#tip(ref, signal);
    if (sha !== head) {
      const commit = await this.#read(sha, signal);
      if (commit.tree.sha === made.tree && commit.parents.length === 1 && commit.parents[0]?.sha === head) return sha;
      throw new BranchMoved(sha);
    }
    try {
      const params = { ...this.#name, ref, sha: made.sha, force: false };
      await this.#github.ask({ route: "PATCH /repos/{owner}/{repo}/git/refs/{ref}", params, shape: Ref }, signal);
      return made.sha;
    } catch (error) {
      if (error instanceof GitHubRefusal && /fast.forward/i.test(error.said))
        throw new BranchMoved(await this.#tip(ref, signal));
      throw error;
    }
  }

  async #tip(ref: string, signal: AbortSignal): Promise<string> {
    const question = { route: "GET /repos/{owner}/{repo}/git/ref/{ref}", params: { ...this.#name, ref }, shape: Ref };
    return (await this.#github.ask(question, signal)).data.object.sha;
  }

  async #read(commit_sha: string, signal: AbortSignal) {
    const route = "GET /repos/{owner}/{repo}/git/commits/{commit_sha}";
    return (await this.#github.ask({ route, params: { ...this.#name, commit_sha }, shape: GitCommit }, signal)).data;
  }

  /** Text goes along with the tree, which spares a request a file; what is no UTF-8, or empty, needs a blob of its own. */
  async #entry({ path, before, after }: FileChange, signal: AbortSignal): Promise<object> {
    const mode = after?.mode ?? before?.mode ?? "100644";
    if (!after) return { path, mode, type: "blob", sha: null };
    const text = after.content.toString("utf8");
    if (text !== "" && Buffer.from(text, "utf8").equals(after.content))
      return { path, mode, type: "blob", content: text };
    const content = after.content.toString("base64");
    const { sha } = await this.#post("blobs", { content, encoding: "base64" }, Created, signal);
    return { path, mode, type: "blob", sha };
  }

  async #post<T>(kind: string, body: object, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const params = { ...this.#name, ...body };
    return (await this.#github.ask({ route: `POST /repos/{owner}/{repo}/git/${kind}`, params, shape }, signal)).data;
  }
}
