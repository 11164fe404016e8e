import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { CouldNotLook } from "@oncall-copilot/core";
import { GitError } from "@oncall-copilot/core/backend";
import { z } from "zod";
import { git, gitText } from "../git/run.ts";
import type { Amendment, Fork, Note, Opened, Proposal, PullRequest } from "../store.ts";
import { workdirProblem } from "./bundle.ts";
import { findGitDir, TRUSTED } from "./git-dir.ts";
import { commitFiles, IDENTITY } from "./local-commit.ts";
import { amendDraft, closeDraft, type LocalDraft, markReady } from "./local-decisions.ts";
import type { LocalRepository } from "./local-repository.ts";
import { checkSeparate } from "./separate.ts";

/** The record of an opened pull request, as it lies in the fork's side folder. */
const RecordFile = z.object({
  branch: z.string(),
  base: z.string(),
  commit: z.string(),
  title: z.string(),
  files: z.array(z.string()),
  /** What people have done with it since. */
  status: z.enum(["draft", "open", "closed"]).default("draft"),
});

/**
 * A bare repository on this machine as the fork, made on first use. A draft pull request is a branch in it and a folder
 * beside it (`NAME.pull-requests/BRANCH/`) with its record, its Markdown and its diff.
 */
export class LocalFork implements Fork {
  readonly #path: string;
  readonly #upstream: LocalRepository;

  constructor(path: string, upstream: LocalRepository) {
    this.#path = path;
    this.#upstream = upstream;
  }

  async check(signal: AbortSignal): Promise<void> {
    await checkSeparate(this.#path, this.#upstream, signal);
  }

  async find(branch: string, signal: AbortSignal): Promise<PullRequest | undefined> {
    const folder = this.#folder(branch);
    let record: z.infer<typeof RecordFile>;
    try {
      record = RecordFile.parse(JSON.parse(await readFile(join(folder, "pull-request.json"), "utf8")));
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw new CouldNotLook("bad_response", `the record of an earlier pull request cannot be read: ${branch}`, {
        cause: error,
      });
    }
    const gitDir = await findGitDir(this.#path, "ONCALL_GIT_FORK", signal);
    // Whoever wrote the record may have been stopped before the branch was set. A closed one has none any more.
    const tip =
      record.status === "closed" ? record.commit : await this.#setBranch(gitDir, record.branch, record.commit, signal);
    const merged = await this.#mergedAt(tip, signal);
    const now = {
      ...{ ...record, commit: tip, status: merged === undefined ? record.status : ("merged" as const) },
      ...(merged === undefined ? {} : { over_at: merged }),
    };
    return this.#pullRequest(folder, now, await readFile(join(folder, "pull-request.diff"), "utf8"));
  }

  async open(proposal: Proposal, signal: AbortSignal): Promise<Opened> {
    const gitDir = await this.#make(signal);
    await this.check(signal); // of what is there now: working out the change took its time
    await this.#bring(gitDir, proposal.base, signal);
    const commit = await commitFiles(gitDir, { ...proposal, parent: proposal.base, author: IDENTITY.name }, signal);
    const folder = this.#folder(proposal.branch);
    const record = {
      ...{ branch: proposal.branch, base: proposal.base, commit, title: proposal.title },
      files: proposal.files.map(({ path }) => path).sort(),
      status: "draft" as const,
    };
    await this.check(signal);
    const first = await this.#record(folder, record, proposal, commit);
    if (!first) {
      const existing = await this.find(proposal.branch, signal);
      if (existing) return { pullRequest: existing, state: "exists" };
      throw new CouldNotLook("internal", `the record of ${proposal.branch} went away while it was read; try again`);
    }
    await this.#setBranch(gitDir, proposal.branch, commit, signal);
    return { pullRequest: this.#pullRequest(folder, record, proposal.diff), state: "opened" };
  }

  async ready(pullRequest: PullRequest, note: Note, signal: AbortSignal): Promise<{ readonly ready: boolean }> {
    await markReady(await this.#draft(pullRequest, signal), note, signal);
    return { ready: true };
  }

  async amend(pullRequest: PullRequest, amendment: Amendment, signal: AbortSignal): Promise<string> {
    return amendDraft(await this.#draft(pullRequest, signal), amendment, signal);
  }

  async close(pullRequest: PullRequest, note: Note, signal: AbortSignal): Promise<void> {
    await closeDraft(await this.#draft(pullRequest, signal), note, signal);
  }

  /**
   * Writes the record under another name and moves it into place whole. Of several calls at once, in whatever processes,
   * one move succeeds: that call has opened the pull request.
   */
  async #record(folder: string, record: object, { body, diff }: Proposal, commit: string): Promise<boolean> {
    const draft = `${folder}.${process.pid}.${randomBytes(4).toString("hex")}`;
    try {
      await mkdir(draft, { recursive: true, mode: 0o700 });
      const about = { ...record, draft: true, base_branch: this.#upstream.branch };
      await writeFile(join(draft, "pull-request.json"), `${JSON.stringify(about, null, 2)}\n`);
      await writeFile(join(draft, "pull-request.md"), body(commit));
      await writeFile(join(draft, "pull-request.diff"), diff);
      await rename(draft, folder);
      return true;
    } catch (error) {
      if (await exists(folder)) return false; // each platform has a code of its own for a move onto a full folder
      throw workdirProblem(error, "ONCALL_GIT_FORK");
    } finally {
      await rm(draft, { recursive: true, force: true }).catch(() => {}); // what failed before says more
    }
  }

  /** The fork's repository folder; made empty under another name and moved into place, if there is none. */
  async #make(signal: AbortSignal): Promise<string> {
    if (!(await exists(this.#path))) {
      const draft = `${this.#path}.${process.pid}.${randomBytes(4).toString("hex")}`;
      try {
        await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
        const init = ["init", "--quiet", "--bare", "--template=", `--initial-branch=${this.#upstream.branch}`];
        await git(undefined, [...init, "--", draft], { signal });
        await rename(draft, this.#path);
      } catch (error) {
        if (!(await exists(this.#path))) throw workdirProblem(error, "ONCALL_GIT_FORK");
      } finally {
        await rm(draft, { recursive: true, force: true }).catch(() => {}); // what failed before says more
      }
    }
    return findGitDir(this.#path, "ONCALL_GIT_FORK", signal);
  }

  /** Copies the base's history over. Reading is all that happens to the upstream. */
  async #bring(gitDir: string, base: string, signal: AbortSignal): Promise<void> {
    const here = await git(gitDir, ["cat-file", "-e", `${base}^{commit}`], { signal }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof GitError) return false;
        throw error;
      },
    );
    if (here) return;
    const fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
    const server = `--upload-pack=git -c ${TRUSTED} -c core.hooksPath=/dev/null upload-pack`;
    await git(gitDir, [...fetch, server, "--", this.#upstream.gitDir, base], { signal, fetches: true });
  }

  /** Gives what the branch is at: a person may have put something on it. */
  async #setBranch(gitDir: string, branch: string, commit: string, signal: AbortSignal): Promise<string> {
    const ref = `refs/heads/${branch}`;
    try {
      await git(gitDir, ["update-ref", ref, commit, "0".repeat(commit.length)], { signal });
      return commit;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      return gitText(gitDir, ["rev-parse", "--verify", "--quiet", "--end-of-options", ref], { signal }); // set already
    }
  }

  /** When it was merged as it is, by the commit that brought it in; of a squash or a rebase a repository cannot tell where it came from. */
  async #mergedAt(commit: string, signal: AbortSignal): Promise<string | undefined> {
    const { gitDir, branch } = this.#upstream;
    const main = `refs/heads/${branch}`;
    try {
      await git(gitDir, ["merge-base", "--is-ancestor", commit, main], { signal });
      const since = ["log", "--reverse", "--ancestry-path", "--format=%cI", "--end-of-options", `${commit}..${main}`];
      const [first = ""] = (await gitText(gitDir, since, { signal })).split("\n");
      const own = ["log", "-1", "--format=%cI", "--end-of-options", commit];
      return first === "" ? await gitText(gitDir, own, { signal }) : first;
    } catch (error) {
      if (error instanceof GitError) return undefined; // it is not in there, or the upstream has never heard of it
      throw error;
    }
  }

  async #draft(pullRequest: PullRequest, signal: AbortSignal): Promise<LocalDraft> {
    const gitDir = await findGitDir(this.#path, "ONCALL_GIT_FORK", signal);
    await this.check(signal); // of what is there now: a decision took its time
    return { gitDir, folder: this.#folder(pullRequest.branch), pullRequest };
  }

  #folder(branch: string): string {
    const name = basename(this.#path).replace(/\.git$/, "");
    return join(dirname(this.#path), `${name}.pull-requests`, branch.replaceAll("/", "-"));
  }

  #pullRequest(
    folder: string,
    record: Omit<z.infer<typeof RecordFile>, "status"> & Pick<PullRequest, "status" | "over_at">,
    diff: string,
  ): PullRequest {
    const body = join(folder, "pull-request.md");
    return {
      ...record,
      diff,
      url: pathToFileURL(body).href,
      body_path: body,
      diff_path: join(folder, "pull-request.diff"),
    };
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
