import { BadRequest, CouldNotLook } from "@oncall-copilot/core";
import { refusal } from "../../fix/refuse.ts";
import type { Amendment, Fork, Note, Opened, Proposal, PullRequest } from "../../store.ts";
import type { GitHub } from "./client.ts";
import { ForkWriter } from "./commit-on-fork.ts";
import { amendPull, closePull, markReady, type PullAtGitHub } from "./decide.ts";
import { sectionsOf } from "./diff-sections.ts";
import { findFork } from "./find-fork.ts";
import { fullName, type RepoName } from "./name.ts";
import { GitHubRefusal } from "./refusal.ts";
import { type Checked, checkSeparate } from "./separate.ts";
import { Anything, Pull, PullCommits, Pulls, Repo } from "./shapes.ts";

export interface GitHubForkParts {
  /** By the credential that reads the upstream and opens pull requests there. */
  readonly upstream: GitHub;
  /** By the credential that writes to the fork. */
  readonly fork: GitHub;
  readonly name: RepoName;
  /** What pull requests are meant for. */
  readonly branch: string;
  /** `OWNER/NAME` or `OWNER`, of which one is the fork. */
  readonly configured: readonly string[];
  readonly labels: readonly string[];
}

const STATUS = (pull: Pull): PullRequest["status"] => {
  if (pull.state === "closed") return pull.merged_at ? "merged" : "closed";
  return pull.draft ? "draft" : "open";
};

/** A fork at GitHub and the draft pull requests from it. */
export class GitHubFork implements Fork {
  readonly #parts: GitHubForkParts;
  #checked: Checked | undefined;

  constructor(parts: GitHubForkParts) {
    this.#parts = parts;
  }

  async check(signal: AbortSignal): Promise<void> {
    const { upstream, fork, name, configured } = this.#parts;
    const found = await findFork({ github: fork, upstreamGithub: upstream, upstream: name, configured }, signal);
    this.#checked = await checkSeparate(
      { upstream: { github: upstream, name }, fork: { github: fork, repo: found } },
      signal,
    );
  }

  /** Working out a change takes its time, and so does writing it. What was checked is asked again, of the same two repositories. */
  async #checkAgain(signal: AbortSignal): Promise<void> {
    const { upstream: github, fork: forkGithub, name } = this.#parts;
    const { upstream, fork } = this.#known();
    const params = { owner: fork.owner.login, repo: fork.name };
    const { data: repo } = await forkGithub.ask({ route: "GET /repos/{owner}/{repo}", params, shape: Repo }, signal);
    const parts = { upstream: { github, name }, fork: { github: forkGithub, repo } };
    const now = await checkSeparate(parts, signal);
    for (const [before, after] of [
      [upstream, now.upstream],
      [fork, now.fork],
    ] as const) {
      if (before.id === after.id) continue;
      throw refusal("could_write_upstream", `${before.full_name} is another repository than a moment ago`, [
        "ask again",
      ]);
    }
  }

  async find(branch: string, signal: AbortSignal): Promise<PullRequest | undefined> {
    const pull = await this.#pullOf(branch, signal);
    return pull && this.#told(pull, signal);
  }

  async #pullOf(branch: string, signal: AbortSignal): Promise<Pull | undefined> {
    const { fork } = this.#known();
    const params = { ...this.#parts.name, state: "all", head: `${fork.owner.login}:${branch}`, per_page: 100 };
    const asked = { route: "GET /repos/{owner}/{repo}/pulls", params, shape: Pulls };
    const { data } = await this.#parts.upstream.ask(asked, signal);
    const ours = data.filter(({ head }) => head.ref === branch && (head.repo ? head.repo.id === fork.id : true));
    return ours.find(({ state }) => state === "open") ?? ours.sort((a, b) => a.number - b.number)[0];
  }

  async ready({ branch }: PullRequest, note: Note, signal: AbortSignal): Promise<{ readonly ready: boolean }> {
    return { ready: await markReady(await this.#decided(branch, signal), note, signal) };
  }

  async amend({ branch }: PullRequest, amendment: Amendment, signal: AbortSignal): Promise<string> {
    return amendPull(await this.#decided(branch, signal), amendment, signal);
  }

  async close({ branch }: PullRequest, note: Note, signal: AbortSignal): Promise<void> {
    await closePull(await this.#decided(branch, signal), note, signal);
  }

  /** What a decision is carried out on: the credentials are looked at again right before. */
  async #decided(branch: string, signal: AbortSignal): Promise<PullAtGitHub> {
    await this.#checkAgain(signal);
    const pull = await this.#pullOf(branch, signal);
    if (!pull) throw new CouldNotLook("bad_response", `the pull request of ${branch} is gone since a moment ago`);
    const { upstream, fork, name } = this.#parts;
    return { upstream, fork, name, forkRepo: this.#known().fork, pull };
  }

  async open(proposal: Proposal, signal: AbortSignal): Promise<Opened> {
    const { branch, base } = proposal;
    const { fork } = this.#known();
    await this.#checkAgain(signal);
    const writer = new ForkWriter(this.#parts.fork, { owner: fork.owner.login, repo: fork.name });
    await writer.bringUpToDate(this.#parts.branch, base, signal);
    const made = await writer.commit(proposal, signal);
    const commit = await writer.setBranch(branch, made, base, signal);
    await this.#checkAgain(signal).catch((error: unknown) => {
      if (!(error instanceof BadRequest)) throw error;
      const left = `its branch ${branch} is on ${fork.full_name}, with no pull request`;
      throw new BadRequest(`${error.message}; ${left}`, { tryNext: error.tryNext });
    });
    const pull = await this.#propose(proposal, commit, signal);
    if (!pull) {
      const existing = await this.find(branch, signal);
      if (existing) return { pullRequest: existing, state: "exists" };
      throw new CouldNotLook(
        "bad_response",
        `${this.#parts.upstream.names.name} says that there is a pull request of ${branch}, and shows none`,
      );
    }
    const gaps = await this.#label(pull, signal);
    const files = proposal.files.map(({ path }) => path).sort();
    const pullRequest = { ...this.#common(pull), base, commit, title: proposal.title, files, diff: proposal.diff };
    return { pullRequest, state: "opened", gaps };
  }

  /** Undefined when this branch has a pull request meanwhile. */
  async #propose({ branch, title, body }: Proposal, commit: string, signal: AbortSignal): Promise<Pull | undefined> {
    const { upstream, fork } = this.#known();
    const names = this.#parts.upstream.names;
    const same = upstream.owner.login.toLowerCase() === fork.owner.login.toLowerCase();
    const params = {
      ...this.#parts.name,
      ...{ title, body: body(commit), base: this.#parts.branch, head: `${fork.owner.login}:${branch}` },
      ...(same ? { head_repo: fork.full_name } : {}),
      ...{ draft: true, maintainer_can_modify: false },
    };
    try {
      const asked = { route: "POST /repos/{owner}/{repo}/pulls", params, shape: Pull };
      const { data } = await this.#parts.upstream.ask(asked, signal);
      return data;
    } catch (error) {
      if (!(error instanceof GitHubRefusal) || error.status !== 422) throw error;
      if (/already exists/i.test(error.said)) return undefined;
      if (/draft/i.test(error.said)) {
        const cure = "nothing but drafts is ever opened: this repository's plan must have them";
        throw new CouldNotLook("not_configured", `${names.name} has no draft pull requests in ${upstream.full_name}`, {
          cure,
        });
      }
      const cure = `check that ${names.variables.credentials} may read ${fork.full_name} too`;
      throw new CouldNotLook("forbidden", `${names.name} refused the pull request (422: ${error.said})`, { cure });
    }
  }

  /** A label is no reason to take a pull request back. */
  async #label({ number: issue_number }: Pull, signal: AbortSignal): Promise<string[]> {
    const { labels, name, upstream } = this.#parts;
    if (labels.length === 0) return [];
    try {
      const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/labels";
      await upstream.ask({ route, params: { ...name, issue_number, labels }, shape: Anything }, signal);
      return [];
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CouldNotLook)) throw error;
      return [`the labels ${labels.join(", ")} could not be put on the pull request: ${error.message}`];
    }
  }

  /** A pull request of an earlier call, with what it changes. */
  async #told(pull: Pull, signal: AbortSignal): Promise<PullRequest> {
    const { name, upstream } = this.#parts;
    const { sha } = pull.head;
    const params = { ...name, pull_number: pull.number };
    const [diff, commits] = await Promise.all([
      upstream.text({ route: "GET /repos/{owner}/{repo}/pulls/{pull_number}", params }, signal),
      upstream.ask(
        { route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", params, shape: PullCommits },
        signal,
      ),
    ]);
    const files = sectionsOf(diff).flatMap(({ before, after }) => after ?? before ?? []);
    // What the first of its commits stands on: people may have put others after it.
    const base = commits.data[0]?.parents[0]?.sha ?? pull.base.sha;
    return { ...this.#common(pull), base, commit: sha, title: pull.title, files: files.sort(), diff };
  }

  #common(pull: Pull) {
    const over = pull.merged_at ?? pull.closed_at;
    return {
      ...(over ? { over_at: over } : {}),
      ...{ url: pull.html_url, status: STATUS(pull), branch: pull.head.ref },
      ...{ body_path: null, diff_path: null },
    };
  }

  #known(): Checked {
    if (this.#checked) return this.#checked;
    throw new Error(`the fork of ${fullName(this.#parts.name)} is used before it was checked`);
  }
}
