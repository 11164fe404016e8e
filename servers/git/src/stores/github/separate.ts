import { CouldNotLook } from "@oncall-copilot/core";
import { refusal } from "../../fix/refuse.ts";
import type { GitHub } from "./client.ts";
import { fullName, type RepoName } from "./name.ts";
import { type Rights, rightsOn } from "./rights.ts";
import type { Repo } from "./shapes.ts";

/** What each credential should have instead: the README says it at length. */
export const UPSTREAM_ROLE =
  "pull requests: write, contents: read and metadata: read on the upstream alone; a token's user must have no more than the role Read or Triage there";
export const FORK_ROLE =
  "contents: write and metadata: read on the fork alone; not installed at the upstream, and a token's user must not be able to push there";

export interface Checked {
  readonly upstream: Repo;
  readonly fork: Repo;
}

interface Parts {
  readonly upstream: { readonly github: GitHub; readonly name: RepoName };
  readonly fork: { readonly github: GitHub; readonly repo: Repo };
}

/** Refuses when either credential could change the upstream, or when the fork is none. Asked before every write. */
export async function checkSeparate({ upstream, fork }: Parts, signal: AbortSignal): Promise<Checked> {
  const [own, others] = await Promise.all([
    rightsOn(upstream.github, upstream.name, signal),
    rightsOn(fork.github, upstream.name, signal),
  ]);
  const { repo } = own;
  if (!repo) throw notSeen(upstream.github, upstream.name);
  if (!isForkOf(fork.repo, repo)) {
    const what = fork.repo.id === repo.id ? "is the upstream itself" : `is no fork of ${repo.full_name}`;
    throw refusal("could_write_upstream", `${fork.repo.full_name} ${what}`, [
      "ONCALL_GIT_GITHUB_FORKS: a fork of the upstream that a person has made",
    ]);
  }
  refuseRights(own, upstream.github, UPSTREAM_ROLE);
  refuseRights(others, fork.github, FORK_ROLE);
  refuseReadOnly(repo, upstream.github);
  refuseReadOnly(fork.repo, fork.github);
  return { upstream: repo, fork: fork.repo };
}

/** Renamed and moved repositories keep their id, and so do the upstreams of their forks. */
export function isForkOf(fork: Repo, upstream: Repo): boolean {
  return (
    fork.id !== upstream.id && fork.fork && [fork.parent, fork.source].some((origin) => origin?.id === upstream.id)
  );
}

export function notSeen(github: GitHub, name: RepoName): CouldNotLook {
  const { names } = github;
  const cure = `check its name, and that ${names.variables.credentials} may read it`;
  return new CouldNotLook("forbidden", `${names.name} shows no ${fullName(name)} to this credential (404)`, {
    cure,
  });
}

function refuseRights({ beyond, source }: Rights, { names }: GitHub, role: string): void {
  if (beyond.length === 0) return;
  throw refusal(
    "could_write_upstream",
    `the credential in ${names.variables.credentials} could change the upstream: ${source} ${beyond.join(", ")}`,
    [`give it ${role}`],
  );
}

function refuseReadOnly(repo: Repo, { names }: GitHub): void {
  if (!repo.archived && !repo.disabled) return;
  const what = repo.archived ? "archived" : "disabled";
  throw new CouldNotLook(
    "forbidden",
    `${names.name} keeps ${repo.full_name} ${what}, so nothing can be proposed there`,
  );
}
