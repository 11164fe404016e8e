/** Who and what there is at the pretended GitHub: repositories that are real git, and credentials with what they may do. */
import { type KeyObject, verify } from "node:crypto";

export const LEVELS = ["read", "write", "admin"] as const;
export type Level = (typeof LEVELS)[number];
export const ROLES = ["read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof ROLES)[number];
export type Grants = Readonly<Record<string, Level>>;

export interface DoubleRepo {
  readonly id: number;
  owner: string;
  name: string;
  /** A bare repository on this machine. */
  readonly dir: string;
  private: boolean;
  archived: boolean;
  readonly parent?: DoubleRepo | undefined;
  /** False where its organisation forbids forks of it. */
  forking?: boolean;
  /** Whether its owner's plan has drafts. */
  drafts: boolean;
  readonly labels: Set<string>;
}

/** A personal access token. What it may do is the less of what it was given and of its user's role. */
export interface TokenHolder {
  readonly kind: "fine-grained" | "classic";
  readonly login: string;
  /** By `owner/name`. */
  readonly roles: Readonly<Record<string, Role>>;
  readonly grants?: Readonly<Record<string, Grants>>;
  readonly scopes?: readonly string[];
  /** GitHub wants single sign-on of it first. */
  readonly sso?: boolean;
  readonly expired?: boolean;
}

export interface DoubleInstallation {
  readonly id: number;
  readonly repositories: readonly string[];
  permissions: Grants;
  suspended?: boolean;
}

export interface DoubleApp {
  readonly id: string;
  readonly slug: string;
  readonly publicKey: KeyObject;
  readonly installations: readonly DoubleInstallation[];
}

export interface DoublePull {
  readonly number: number;
  readonly base: DoubleRepo;
  readonly head: DoubleRepo;
  readonly headRef: string;
  readonly baseRef: string;
  readonly baseSha: string;
  /** What the branch was at when it was deleted. */
  lastSha?: string;
  title: string;
  body: string;
  draft: boolean;
  readonly maintainerCanModify: boolean;
  state: "open" | "closed";
  mergedAt: string | null;
  readonly labels: string[];
  readonly comments: { readonly login: string; readonly body: string }[];
  readonly author: string;
  /** Commits of the upstream that it is behind, for those that are merged. */
  readonly mergedCommits: string[];
  readonly reviews: { readonly login: string; readonly state: string; readonly at: string }[];
}

/** Whoever sent a request. */
export type Caller =
  | { readonly kind: "token"; readonly holder: TokenHolder }
  | { readonly kind: "app"; readonly app: DoubleApp }
  | { readonly kind: "installation"; readonly app: DoubleApp; readonly installation: DoubleInstallation };

/** How GitHub says no. */
export class Refused extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object | string, headers: Readonly<Record<string, string>> = {}) {
    super(`refused with ${status}`);
    this.status = status;
    this.headers = headers;
    const documentation_url = "https://docs.github.com/rest";
    this.body = typeof body === "string" ? { message: body, documentation_url, status: String(status) } : body;
  }
}

export const notFound = () => new Refused(404, "Not Found");
export const invalid = (message: string, resource = "PullRequest") =>
  new Refused(422, { message: "Validation Failed", errors: [{ resource, code: "custom", message }] });

export class World {
  readonly repos: DoubleRepo[] = [];
  readonly pulls: DoublePull[] = [];
  readonly tokens = new Map<string, TokenHolder>();
  readonly apps: DoubleApp[] = [];
  readonly installationTokens = new Map<string, { app: DoubleApp; installation: DoubleInstallation; until: number }>();

  repo(owner: string, name: string): DoubleRepo | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    return this.repos.find((repo) => fullNameOf(repo).toLowerCase() === wanted);
  }

  /** All repositories that share objects with this one. */
  network(repo: DoubleRepo): readonly DoubleRepo[] {
    const root = rootOf(repo);
    return this.repos.filter((other) => rootOf(other) === root);
  }

  caller(authorization: string | undefined): Caller {
    const token = /^(?:Bearer|token) (.+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw new Refused(401, "Requires authentication");
    const holder = this.tokens.get(token);
    if (holder && !holder.expired) return { kind: "token", holder };
    const installed = this.installationTokens.get(token);
    if (installed && installed.until > Date.now()) {
      if (installed.installation.suspended) throw new Refused(403, "This installation has been suspended");
      return { kind: "installation", ...installed };
    }
    const app = this.#signedBy(token);
    if (app) return { kind: "app", app };
    throw new Refused(401, "Bad credentials");
  }

  #signedBy(token: string): DoubleApp | undefined {
    const [header = "", payload = "", signature = ""] = token.split(".");
    if (signature === "") return undefined;
    const { iss, exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { iss: unknown; exp: number };
    const app = this.apps.find(({ id }) => id === String(iss));
    if (exp * 1000 > Date.now() + 601_000) {
      throw new Refused(401, "'Expiration time' claim ('exp') is too far in the future");
    }
    const signed = Buffer.from(`${header}.${payload}`);
    return app && verify("RSA-SHA256", signed, app.publicKey, Buffer.from(signature, "base64url")) ? app : undefined;
  }
}

/** Whose name stands on what a caller makes. */
export const loginOf = (caller: Caller): string =>
  caller.kind === "token" ? caller.holder.login : `${caller.app.slug}[bot]`;

export const fullNameOf = ({ owner, name }: DoubleRepo) => `${owner}/${name}`;
const rootOf = (repo: DoubleRepo): DoubleRepo => (repo.parent ? rootOf(repo.parent) : repo);

export function roleOf(caller: Caller, repo: DoubleRepo): Role | undefined {
  return caller.kind === "token" ? caller.holder.roles[fullNameOf(repo)] : undefined;
}

/** What an App or a fine-grained token was given for a repository. */
export function grantsOf(caller: Caller, repo: DoubleRepo): Grants | undefined {
  if (caller.kind === "installation") {
    const { repositories, permissions } = caller.installation;
    return repositories.includes(fullNameOf(repo)) ? permissions : undefined;
  }
  return caller.kind === "token" ? caller.holder.grants?.[fullNameOf(repo)] : undefined;
}

const atLeast = <T>(order: readonly T[], has: T | undefined, wanted: T) =>
  has !== undefined && order.indexOf(has) >= order.indexOf(wanted);

/** Whether a caller sees a repository at all: else GitHub says that there is none. */
export function sees(caller: Caller, repo: DoubleRepo): boolean {
  if (!repo.private) return true;
  if (caller.kind === "token" && caller.holder.kind === "classic") {
    return roleOf(caller, repo) !== undefined && caller.holder.scopes?.includes("repo") === true;
  }
  const role = caller.kind === "token" ? roleOf(caller, repo) : "admin";
  return role !== undefined && grantsOf(caller, repo) !== undefined;
}

/** The least role of a user for whom a permission of a token counts. */
const ROLE_FOR: Readonly<Record<string, Role>> = {
  "contents write": "write",
  "pull_requests write": "read",
  "labels write": "triage",
};

/** Refuses what a caller may not do, as GitHub does. */
export function demand(caller: Caller, repo: DoubleRepo, permission: string, level: Level): void {
  if (!sees(caller, repo)) throw notFound();
  if (caller.kind === "token" && caller.holder.sso) {
    throw new Refused(403, "Resource protected by organization SAML enforcement. You must grant your token access.", {
      "x-github-sso": "required; url=https://github.test/orgs/northwind/sso?authorization_request=abc",
    });
  }
  if (level === "read" && (!repo.private || permission === "metadata")) return; // whoever sees it may know that it is there
  if (level !== "read" && repo.archived) throw new Refused(403, "Repository was archived so is read-only.");
  const accepted = { "x-accepted-github-permissions": `${permission}=${level}` };
  const wantedGrant = permission === "labels" ? "pull_requests" : permission;
  if (caller.kind === "token" && caller.holder.kind === "classic") {
    if (
      caller.holder.scopes?.includes("repo") &&
      atLeast(ROLES, roleOf(caller, repo), ROLE_FOR[`${permission} ${level}`] ?? "read")
    ) {
      return;
    }
    throw notFound();
  }
  const what = caller.kind === "token" ? "personal access token" : "integration";
  if (!atLeast(LEVELS, grantsOf(caller, repo)?.[wantedGrant], level)) {
    throw new Refused(403, `Resource not accessible by ${what}`, accepted);
  }
  if (
    caller.kind === "token" &&
    !atLeast(
      ROLES,
      roleOf(caller, repo) ?? (repo.private ? undefined : "read"),
      ROLE_FOR[`${permission} ${level}`] ?? "read",
    )
  ) {
    throw new Refused(403, `Resource not accessible by ${what}`, accepted);
  }
}
