import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Report } from "@oncall-copilot/core";
import { run } from "../shell.ts";

/** What a report would have people merge. */
export interface Proposal {
  readonly title: string;
  readonly diff: string;
}

/** The pull request of a report; undefined when it has none. A whole diff that lies beside it is taken first: the report may hold the beginning only. */
export async function readProposal(file: string): Promise<Proposal | undefined> {
  const {
    seal: _,
    signed: __,
    sealed_by: ___,
    ...content
  }: Record<string, unknown> = JSON.parse(await readFile(file, "utf8"));
  const { fix, pull_request: pullRequest } = Report.parse(content);
  if (pullRequest === null) return undefined;
  const beside = path.join(path.dirname(file), "pull-request.diff");
  const diff = existsSync(beside) ? await readFile(beside, "utf8") : pullRequest.diff;
  return { title: fix.title, diff };
}

/** Thrown when a diff does not fit the revision that is deployed. */
export class DoesNotApply extends Error {
  constructor(cause: unknown) {
    const said = cause instanceof Error ? cause.message.split("\n").filter((line) => line.startsWith("error:")) : [];
    super(`the diff does not apply: ${said.join("; ").replaceAll("error: ", "") || "git refused it"}`, { cause });
    this.name = "DoesNotApply";
  }
}

/** Merges a proposal into main of the upstream, by way of a clone, as the button of a pull request does. */
export async function mergeProposal(proposal: Proposal, upstream: string, clone: string): Promise<string> {
  await run("git", ["clone", "--quiet", upstream, clone]);
  const git = (...args: string[]): Promise<string> => run("git", args, { cwd: clone, env: IDENTITY });
  const patch = path.join(path.dirname(clone), "proposed.diff");
  await writeFile(patch, proposal.diff.endsWith("\n") ? proposal.diff : `${proposal.diff}\n`);
  await git("switch", "--quiet", "--create", "proposed");
  try {
    await git("apply", "--index", patch);
  } catch (error) {
    throw new DoesNotApply(error);
  }
  await git("commit", "--quiet", "-m", proposal.title);
  await git("switch", "--quiet", "main");
  await git("merge", "--quiet", "--no-ff", "-m", `Merge: ${proposal.title}`, "proposed");
  await git("push", "--quiet", "origin", "main");
  return git("rev-parse", "HEAD");
}

const IDENTITY = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Replay",
  GIT_AUTHOR_EMAIL: "replay@northwind.example",
  GIT_COMMITTER_NAME: "Replay",
  GIT_COMMITTER_EMAIL: "replay@northwind.example",
};
