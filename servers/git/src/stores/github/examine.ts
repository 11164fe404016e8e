import { type Catalog, CouldNotLook } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import { ageOf } from "../age.ts";
import type { GitHubStore } from "../github.ts";
import type { GitHub } from "./client.ts";
import { findFork } from "./find-fork.ts";
import { fullName, type RepoName } from "./name.ts";
import type { GitHubRepository } from "./repository.ts";
import { type Rights, rightsOn, unlessHidden, whoIs } from "./rights.ts";
import { FORK_ROLE, isForkOf, notSeen, UPSTREAM_ROLE } from "./separate.ts";
import { Branch, Repo } from "./shapes.ts";

/** Upstreams of a catalog that are looked at: each takes several requests. */
const MAX_UPSTREAMS = 5;

export interface Examined {
  readonly store: GitHubStore;
  readonly catalog: Catalog;
  /** The forks that are configured. */
  readonly configured: readonly string[] | undefined;
}

/** Looks at both credentials: what each reaches, who it is, what is there, and what it could do to the upstream. */
export async function examineGitHub(
  { store, catalog, configured }: Examined,
  { service, signal }: ExamineOptions,
): Promise<readonly Finding[]> {
  const { upstream, writer } = store;
  const repositories = repositoriesOf(store, catalog, service);
  const looked = repositories instanceof CouldNotLook ? [] : repositories.slice(0, MAX_UPSTREAMS);
  const upstreamName = `${upstream.names.name} (upstream)`;
  const look = (repository: GitHubRepository) => (say: Say) => examineUpstream(store, repository, say, signal);
  const findings = await collectEach(upstreamName, [
    (say) => sayWho(upstream, say, signal),
    async (say) => {
      if (repositories instanceof CouldNotLook) throw repositories;
      const left = repositories.length - looked.length;
      if (left > 0) say(notLookedAt(left));
    },
    ...looked.map(look),
  ]);
  if (!writer || !configured)
    return [...findings, { backend: upstream.names.name, ...withoutFork(writer, configured) }];
  if (repositories instanceof CouldNotLook) return findings;
  const lookAtFork = (repository: GitHubRepository) => (say: Say) =>
    examineFork({ store, github: writer, repository, configured }, say, signal);
  const ofForks = await collectEach(`${writer.names.name} (fork)`, [
    (say) => sayWho(writer, say, signal),
    ...looked.map(lookAtFork),
  ]);
  return [...findings, ...ofForks];
}

/** Reading alone is a choice; whoever has set a part of what a fork takes believes it to be there. */
function withoutFork(writer: GitHub | undefined, configured: readonly string[] | undefined): Omit<Finding, "backend"> {
  const why = "so open_pr cannot propose anything";
  if (writer) {
    return {
      ...{ check: "configured", status: "failure" },
      message: `${writer.names.variables.credentials} is set, but ONCALL_GIT_GITHUB_FORKS names no fork, ${why}`,
      cure: "set ONCALL_GIT_GITHUB_FORKS to OWNER/NAME, or to OWNER for its fork of each upstream",
    };
  }
  if (configured) {
    return {
      ...{ check: "configured", status: "failure" },
      message: `ONCALL_GIT_GITHUB_FORKS names ${configured.join(", ")}, but no credential for a fork is set, ${why}`,
      cure: "set ONCALL_GIT_GITHUB_FORK_TOKEN, or ONCALL_GIT_GITHUB_FORK_APP_ID with its installation and key",
    };
  }
  return { check: "configured", status: "ok", message: `no fork is configured, ${why}` };
}

const notLookedAt = (left: number): Omit<Finding, "backend"> => ({
  check: "data",
  status: "unknown",
  message: `the catalog names ${left} more upstream${left === 1 ? "" : "s"}, which ${left === 1 ? "was" : "were"} not looked at`,
  cure: "name a service of each with --service",
});

type Say = (finding: Omit<Finding, "backend">) => void;

type Look = (say: Say) => Promise<void>;

/** Looks at one thing after another. Where one fails the next is looked at all the same, unless nobody was let in. */
async function collectEach(backend: string, looks: readonly Look[]): Promise<readonly Finding[]> {
  let findings: readonly Finding[] = [];
  for (const [index, look] of looks.entries()) {
    if (index > 0 && !findings.some(({ check, status }) => check === "authenticated" && status === "ok")) break;
    findings = await collect(backend, look, findings);
  }
  return findings;
}

/** Runs checks up to the first that fails; what fails then is a finding too. */
async function collect(backend: string, look: Look, before: readonly Finding[]): Promise<Finding[]> {
  const findings = [...before];
  const say: Say = (finding) => void findings.push({ backend, ...finding });
  try {
    await look(say);
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    const seen = findings.map(({ check }) => check);
    const away = ["unreachable", "timed_out", "cancelled"].includes(error.reason);
    const check = seen.includes("authenticated") ? "data" : away ? "reachable" : "authenticated";
    const [cure] = error.tryNext;
    if (check === "authenticated" && !away) say({ check: "reachable", status: "ok", message: "it answers" });
    say({ check, status: "failure", message: error.problem, ...(cure === undefined ? {} : { cure }) });
  }
  return findings;
}

async function sayWho(github: GitHub, say: Say, signal: AbortSignal): Promise<void> {
  const who = await whoIs(github, signal);
  say({ check: "reachable", status: "ok", message: "it answers" });
  say({ check: "authenticated", status: "ok", message: `accepts ${github.names.variables.credentials} as ${who}` });
}

async function examineUpstream(
  store: GitHubStore,
  repository: GitHubRepository,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  const head = await repository.head(store.now(), signal);
  const commit = await repository.commit(head, head, signal);
  const age = ageOf(commit?.committedAt ?? Number.NaN, store.now());
  const message = `the newest commit of ${repository.branch} of ${repository.name} is ${age}`;
  say({ check: "data", status: "ok", message });
  say(
    privilege(await rightsOn(store.upstream, repository.slug, signal), store.upstream, repository.slug, UPSTREAM_ROLE),
  );
}

interface Looking {
  readonly store: GitHubStore;
  readonly github: GitHub;
  readonly repository: GitHubRepository;
  readonly configured: readonly string[];
}

async function examineFork(looking: Looking, say: Say, signal: AbortSignal): Promise<void> {
  const { store, github, repository, configured } = looking;
  const { slug: upstream } = repository;
  const route = "GET /repos/{owner}/{repo}";
  const own = await unlessHidden(store.upstream.ask({ route, params: { ...upstream }, shape: Repo }, signal));
  if (!own) throw notSeen(store.upstream, upstream);
  for (const told of forkingFindings(own.data)) say(told);
  const fork = await findFork({ github, upstreamGithub: store.upstream, upstream, configured }, signal);
  if (store.opensAsApp) for (const told of betweenOwners(own.data, fork)) say(told);
  if (isForkOf(fork, own.data)) {
    say({ check: "data", status: "ok", message: await distance(looking, fork, signal) });
  } else {
    const what = fork.id === own.data.id ? "the upstream itself" : `no fork of ${own.data.full_name}`;
    const cure = "name a fork that a person has made in ONCALL_GIT_GITHUB_FORKS";
    say({ check: "data", status: "failure", message: `${fork.full_name} is ${what}`, cure });
  }
  say(privilege(await rightsOn(github, upstream, signal), github, upstream, FORK_ROLE));
}

const BY_PATCH = "until then the message carries the fix as a signed patch";

/** Organisations can forbid forks of their private repositories. */
function forkingFindings({ full_name, allow_forking: allowed }: Repo): readonly Omit<Finding, "backend">[] {
  if (allowed !== false) return [];
  const cure = `allow forking in the settings of ${full_name} and of its organisation; ${BY_PATCH}`;
  return [{ check: "data", status: "warning", message: `${full_name} does not allow forks`, cure }];
}

/** GitHub lets an App open no pull request between private repositories of two owners. */
function betweenOwners(upstream: Repo, fork: Repo): readonly Omit<Finding, "backend">[] {
  const two = upstream.owner.login.toLowerCase() !== fork.owner.login.toLowerCase();
  if (!two || !(upstream.private || fork.private)) return [];
  const message = `no App can open a pull request from ${fork.full_name} to ${upstream.full_name}: they are private and of two owners`;
  const cure = `keep the fork with ${upstream.owner.login}, or give a machine user's token; ${BY_PATCH}`;
  return [{ check: "data", status: "warning", message, cure }];
}

/** How far the fork's branch is behind, by the age of its newest commit. */
async function distance({ store, github, repository }: Looking, fork: Repo, signal: AbortSignal): Promise<string> {
  const { branch } = repository;
  const params = { owner: fork.owner.login, repo: fork.name, branch };
  const asked = { route: "GET /repos/{owner}/{repo}/branches/{branch}", params, shape: Branch };
  const at = await unlessHidden(github.ask(asked, signal));
  if (!at) return `${fork.full_name} has no ${branch} yet; open_pr brings it over`;
  const { sha, commit } = at.data.commit;
  if (sha === (await repository.head(store.now(), signal))) return `${fork.full_name} is up to date with ${branch}`;
  const age = ageOf(Date.parse(commit.committer?.date ?? ""), store.now());
  return `${fork.full_name} is behind: its newest commit of ${branch} is ${age}; open_pr brings it up to date`;
}

function privilege(rights: Rights, { names }: GitHub, name: RepoName, role: string): Omit<Finding, "backend"> {
  const { beyond, source, pulls, repo } = rights;
  if (beyond.length > 0) {
    const message = `could change the upstream: ${source} ${beyond.join(", ")}. open_pr refuses to work with it`;
    return { check: "privilege", status: "failure", message, cure: `give ${names.variables.credentials} ${role}` };
  }
  if (!repo) return { check: "privilege", status: "ok", message: `does not even see ${fullName(name)}` };
  const told =
    pulls === undefined
      ? " (GitHub tells the user's rights only: what the token itself was given cannot be asked)"
      : "";
  return { check: "privilege", status: "ok", message: `cannot push to ${fullName(name)}${told}` };
}

/** Each upstream that the catalog names, once. A service without one is no failure where another has one. */
function repositoriesOf(
  store: GitHubStore,
  catalog: Catalog,
  service: string | undefined,
): readonly GitHubRepository[] | CouldNotLook {
  const entries = service === undefined ? catalog.entries() : [catalog.get(service)];
  const found = new Set<GitHubRepository>();
  let first: CouldNotLook | undefined;
  for (const entry of entries.filter(({ kind }) => kind === "service")) {
    try {
      found.add(store.repositoryOf(entry));
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error;
      first ??= error;
    }
  }
  if (found.size > 0) return [...found];
  return first ?? new CouldNotLook("not_configured", "the catalog names no service with a repository at GitHub");
}
