import { CouldNotLook } from "@oncall-copilot/core";
import type { GitHub } from "./client.ts";
import { fullName, type RepoName, readSlug } from "./name.ts";
import { unlessHidden } from "./rights.ts";
import { Forks, Repo } from "./shapes.ts";

const PAGE = 100;
const MAX_PAGES = 5;

export interface Looking {
  /** By the fork's credential, which sees the fork. */
  readonly github: GitHub;
  /** By the other one, which sees the upstream's forks. */
  readonly upstreamGithub: GitHub;
  readonly upstream: RepoName;
  /** As configured: `OWNER/NAME`, or `OWNER`. */
  readonly configured: readonly string[];
}

/** The fork of an upstream among those that are configured: by its name, else by its parent. */
export async function findFork(looking: Looking, signal: AbortSignal): Promise<Repo> {
  const { github, upstream, configured } = looking;
  let named: Repo | undefined;
  for (const text of configured) {
    const own = readSlug(text);
    const repo = await (own ? seen(github, own, signal) : forkOfOwner(looking, text, signal));
    // The one fork that is configured is judged for what it is: the refusal then says what is wrong with it.
    if (repo && (isOf(repo, upstream) || (own && configured.length === 1))) return repo;
    named ??= repo;
  }
  const why = named ? "" : `; ${github.names.name} shows none of them to ${github.names.variables.credentials}`;
  const cure = `have a person fork ${fullName(upstream)} once, and name the fork in ONCALL_GIT_GITHUB_FORKS`;
  throw new CouldNotLook(
    "not_configured",
    `there is no fork of ${fullName(upstream)} among ONCALL_GIT_GITHUB_FORKS (${configured.join(", ")})${why}`,
    { cure },
  );
}

const isOf = (repo: Repo, upstream: RepoName) =>
  [repo.parent, repo.source].some((origin) => origin?.full_name.toLowerCase() === fullName(upstream).toLowerCase());

async function seen(github: GitHub, name: RepoName, signal: AbortSignal): Promise<Repo | undefined> {
  const asked = github.ask({ route: "GET /repos/{owner}/{repo}", params: { ...name }, shape: Repo }, signal);
  return (await unlessHidden(asked))?.data;
}

/** Most forks have their upstream's name; for others all forks are looked through. */
async function forkOfOwner(looking: Looking, owner: string, signal: AbortSignal): Promise<Repo | undefined> {
  const { github, upstreamGithub, upstream } = looking;
  const same = await seen(github, { owner, repo: upstream.repo }, signal);
  if (same && isOf(same, upstream)) return same;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await upstreamGithub.ask(
      {
        route: "GET /repos/{owner}/{repo}/forks",
        params: { ...upstream, sort: "oldest", per_page: PAGE, page },
        shape: Forks,
      },
      signal,
    );
    const found = data.find((fork) => fork.owner.login.toLowerCase() === owner.toLowerCase());
    if (found) return seen(github, { owner: found.owner.login, repo: found.name }, signal);
    if (data.length < PAGE) break;
  }
  return undefined;
}
