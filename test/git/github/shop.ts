/** The test shop at a pretended GitHub: an upstream, a fork that a person has made, and the server over both. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type GitHubDouble, startGitHub } from "../../support/github/double.ts";
import type { DoubleRepo, TokenHolder } from "../../support/github/world.ts";
import { at, writeRecording } from "../../support/recording.ts";
import { git, rollout, type Served, SHOP_CATALOG, serve, shopRepo, type TestRepo, tempDir } from "../support.ts";

/** A machine user who may read the upstream, label what it opens, and write to the fork. */
export const UPSTREAM: TokenHolder = {
  ...{ kind: "fine-grained", login: "shop-copilot" },
  roles: { "example/shop": "triage", "copilot/shop": "read" },
  grants: {
    "example/shop": { contents: "read", pull_requests: "write", metadata: "read" },
    "copilot/shop": { contents: "read", metadata: "read" },
  },
};
export const FORK: TokenHolder = {
  ...{ kind: "fine-grained", login: "shop-copilot" },
  roles: { "copilot/shop": "write" },
  grants: { "copilot/shop": { contents: "write", metadata: "read" } },
};

export const TOKENS = { upstream: "github_pat_UPSTREAM", fork: "github_pat_FORK" };

export interface GitHubShop extends Served {
  readonly github: GitHubDouble;
  readonly repo: TestRepo;
  readonly upstream: DoubleRepo;
  readonly fork: DoubleRepo;
  /** A commit to promotions, deployed. */
  readonly bad: string;
  /** What the server was started with. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ShopAtGitHub {
  /** Commits after the bad one, before the upstream is published. */
  readonly later?: (repo: TestRepo) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly catalog?: readonly object[];
  readonly upstream?: Partial<TokenHolder>;
  readonly fork?: Partial<TokenHolder>;
  /** `OWNER/NAME` of the fork. */
  readonly forkName?: string;
}

/** A bare repository with what a working one has committed. */
export function publish(repo: TestRepo): string {
  const dir = join(tempDir(), "upstream.git");
  execFileSync("git", ["clone", "--quiet", "--bare", repo.dir, dir], { stdio: "pipe" });
  return dir;
}

/** A fork, which shares the objects of what it is forked from. */
export function forkOf(upstream: string): string {
  const dir = join(tempDir(), "fork.git");
  execFileSync("git", ["clone", "--quiet", "--bare", "--shared", upstream, dir], { stdio: "pipe" });
  git(dir, ["config", "--remove-section", "remote.origin"]);
  return dir;
}

/** What someone commits to the upstream while the fork stands still. */
export function push(repo: TestRepo, upstream: DoubleRepo): void {
  git(repo.dir, ["push", "--quiet", upstream.dir, "main"]);
}

export async function shopAtGitHub(options: ShopAtGitHub = {}): Promise<GitHubShop> {
  const repo = shopRepo();
  const first = repo.head();
  const bad = repo
    .edit("services/promotions/main.js", "promotions5 = 5", "promotions5 = query()")
    .commit({ minutes: -20, message: "promotions: ask every time" });
  options.later?.(repo);
  const github = await startGitHub();
  const upstream = github.add("example", "shop", publish(repo));
  const [owner = "", name = ""] = (options.forkName ?? "copilot/shop").split("/");
  const fork = github.add(owner, name, forkOf(upstream.dir), { parent: upstream });
  github.token(TOKENS.upstream, { ...UPSTREAM, ...options.upstream });
  github.token(TOKENS.fork, { ...FORK, ...options.fork });
  const deployments = [rollout("promotions", first, -2800), rollout("promotions", bad, -17)];
  const folder = await writeRecording({ catalog: options.catalog ?? SHOP_CATALOG, deployments });
  const wanted = {
    ...{ ONCALL_GIT_GITHUB_URL: github.url, ONCALL_GIT_GITHUB_WRITE_PAUSE_SECONDS: "0" },
    ...{ ONCALL_GIT_GITHUB_UPSTREAM_TOKEN: TOKENS.upstream, ONCALL_GIT_GITHUB_FORK_TOKEN: TOKENS.fork },
    ...{ ONCALL_GIT_GITHUB_FORKS: options.forkName ?? "copilot/shop", ONCALL_AS_OF: at(5) },
    ONCALL_CATALOG: join(folder, "catalog.yaml"),
    ONCALL_GIT_DEPLOYMENTS: join(folder, "deployments.ndjson"),
    ...options.env,
  };
  const env = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ""));
  return { ...(await serve(env)), github, repo, upstream, fork, bad, env };
}
