import type { GitHub } from "./client.ts";
import { fullName, type RepoName } from "./name.ts";
import { GitHubRefusal } from "./refusal.ts";
import { Installation, Repo, User } from "./shapes.ts";

/** What a credential could do to a repository beyond reading it. */
export interface Rights {
  /** In GitHub's words: `contents: write`, `push`. Empty when there is nothing. */
  readonly beyond: readonly string[];
  /** Whether it may open pull requests there, as far as can be told. */
  readonly pulls: boolean | undefined;
  /** The repository as the credential sees it; undefined when it does not see it. */
  readonly repo: Repo | undefined;
  /** Who says so, for messages. */
  readonly source: string;
}

/** An App may have these rights to write: they open, label and describe a pull request, and change no line of code. */
const HARMLESS = new Set(["pull_requests", "issues"]);

/** Scopes of classic tokens with which nothing can be changed. */
const HARMLESS_SCOPES = /^(?:read:.*|user:email|)$/;

const ROLES = ["push", "maintain", "admin"] as const;

/**
 * Asks GitHub itself. Of an App it tells what it was granted where the repository is, through whatever installation: its key
 * speaks for all of them. Of a classic token it tells the scopes. **Of a fine-grained token it tells nothing**: `permissions` of a
 * repository are those of the user, whatever the token was given. So it is the user who must not be able to push: that is more
 * than is needed, and the one thing that can be known.
 */
export async function rightsOn(github: GitHub, name: RepoName, signal: AbortSignal): Promise<Rights> {
  return github.credential.kind === "app" ? rightsOfApp(github, name, signal) : rightsOfUser(github, name, signal);
}

async function rightsOfApp(github: GitHub, name: RepoName, signal: AbortSignal): Promise<Rights> {
  const route = "GET /repos/{owner}/{repo}/installation";
  const installed = await unlessHidden(
    github.ask({ route, params: { ...name }, shape: Installation, asApp: true }, signal),
  );
  const seen = await unlessHidden(
    github.ask({ route: "GET /repos/{owner}/{repo}", params: { ...name }, shape: Repo }, signal),
  );
  const permissions = Object.entries(installed?.data.permissions ?? {});
  const beyond = permissions
    .filter(([what, level]) => level !== undefined && level !== "read" && !HARMLESS.has(what))
    .map(([what, level]) => `${what}: ${level}`)
    .sort();
  const pulls = installed?.data.permissions["pull_requests"] === "write";
  return { beyond, pulls, repo: seen?.data, source: `the App is installed at ${fullName(name)} with` };
}

async function rightsOfUser(github: GitHub, name: RepoName, signal: AbortSignal): Promise<Rights> {
  const source = `the user of the token has at ${fullName(name)}`;
  const seen = await unlessHidden(
    github.ask({ route: "GET /repos/{owner}/{repo}", params: { ...name }, shape: Repo }, signal),
  );
  if (!seen) return { beyond: [], pulls: false, repo: undefined, source };
  const { permissions } = seen.data;
  const roles = permissions ? ROLES.filter((role) => permissions[role] === true) : ["rights that GitHub does not tell"];
  const scopes = scopesOf(seen.headers).map((scope) => `scope ${scope}`);
  return { beyond: [...roles, ...scopes], pulls: undefined, repo: seen.data, source };
}

/** Of a classic token, those with which something could be changed. */
function scopesOf(headers: Readonly<Record<string, string>>): string[] {
  return (headers["x-oauth-scopes"] ?? "")
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => !HARMLESS_SCOPES.test(scope));
}

/** GitHub says 404 of what a credential may not see. */
export async function unlessHidden<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return undefined;
    throw error;
  }
}

/** Who a credential is. */
export async function whoIs(github: GitHub, signal: AbortSignal): Promise<string> {
  const { credential } = github;
  if (credential.kind === "token") {
    return (await github.ask({ route: "GET /user", shape: User, place: "its user" }, signal)).data.login;
  }
  const { installationId: installation_id } = credential;
  const { data } = await github.ask(
    {
      route: "GET /app/installations/{installation_id}",
      params: { installation_id },
      shape: Installation,
      place: `installation ${installation_id}`,
      asApp: true,
    },
    signal,
  );
  return `the App ${data.app_slug ?? credential.appId}`;
}
