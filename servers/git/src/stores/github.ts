import { type CatalogEntry, ConfigError, CouldNotLook } from "@oncall-copilot/core";
import { httpClient, requestLimits } from "@oncall-copilot/core/backend";
import type { Config } from "../config.ts";
import type { Fork, Repository, Sources } from "../store.ts";
import { addressOf, type GitHubAddress } from "./github/address.ts";
import { type GitHub, gitHub } from "./github/client.ts";
import type { Part } from "./github/config.ts";
import { type Credential, credentialOf, variablesOf } from "./github/credential.ts";
import { GitHubFork } from "./github/fork.ts";
import { fullName, upstreamOf } from "./github/name.ts";
import { type Pace, pace } from "./github/pace.ts";
import { GitHubRepository } from "./github/repository.ts";

/** What makes people get mail: GitHub's own client leaves this many pauses between two of them. */
const NOTIFICATION_PAUSES = 3;
const MAX_BYTES = 32 * 1_048_576;

/** Upstreams and forks at GitHub: one repository for each that the catalog names. */
export class GitHubStore implements Sources {
  readonly address: GitHubAddress;
  readonly upstream: GitHub;
  /** Undefined when nothing may be proposed. */
  readonly writer: GitHub | undefined;
  readonly #config: Config;
  readonly #now: () => number;
  readonly #repositories = new Map<string, GitHubRepository>();

  /** Asks nothing yet. Throws ConfigError. */
  constructor(config: Config, now: () => number) {
    this.#config = config;
    this.#now = now;
    this.address = addressOf(config.ONCALL_GIT_GITHUB_URL);
    const [own, other] = [credentialOf("upstream", config), credentialOf("fork", config)];
    if (!own)
      throw new ConfigError(
        "set ONCALL_GIT_GITHUB_UPSTREAM_TOKEN or ONCALL_GIT_GITHUB_UPSTREAM_APP_ID: the fork's credential reads nothing",
      );
    if (other && isSame(own, other)) {
      throw new ConfigError(
        "ONCALL_GIT_GITHUB_UPSTREAM_* and ONCALL_GIT_GITHUB_FORK_* must be two credentials, so that no single one can do harm",
      );
    }
    const pauseMs = config.ONCALL_GIT_GITHUB_WRITE_PAUSE_SECONDS * 1000;
    const paces = { writes: pace(pauseMs), notifications: pace(pauseMs * NOTIFICATION_PAUSES) };
    this.upstream = this.#client("upstream", own, paces);
    this.writer = other && this.#client("fork", other, paces);
  }

  /** Whether an App opens pull requests: it may less than a person's token. */
  get opensAsApp(): boolean {
    return this.#config.ONCALL_GIT_GITHUB_UPSTREAM_APP_ID !== undefined;
  }

  now(): number {
    return this.#now();
  }

  async repository(service: CatalogEntry): Promise<Repository> {
    return this.repositoryOf(service);
  }

  /** The upstream that the catalog names, the same one for services that share it. */
  repositoryOf(service: CatalogEntry): GitHubRepository {
    const branch = this.#config.ONCALL_GIT_BRANCH;
    const name = upstreamOf(service, branch, this.address);
    const key = fullName(name).toLowerCase();
    const known = this.#repositories.get(key);
    if (known) return known;
    const { web } = this.address;
    const holds = (entry: CatalogEntry) => livesAt(key, entry, branch, this.address);
    const made = new GitHubRepository({ github: this.upstream, name, branch, web, holds, now: () => this.#now() });
    this.#repositories.set(key, made);
    return made;
  }

  async fork(service: CatalogEntry): Promise<Fork> {
    const { ONCALL_GIT_GITHUB_FORKS: configured, ONCALL_GIT_GITHUB_LABELS: labels } = this.#config;
    if (!this.writer || !configured) {
      const cure = "set ONCALL_GIT_GITHUB_FORKS and ONCALL_GIT_GITHUB_FORK_TOKEN (or ONCALL_GIT_GITHUB_FORK_APP_ID)";
      throw new CouldNotLook("not_configured", `no fork is configured to propose from`, { cure });
    }
    const { slug: name, branch } = this.repositoryOf(service);
    return new GitHubFork({ upstream: this.upstream, fork: this.writer, name, branch, configured, labels });
  }

  async close(): Promise<void> {
    this.upstream.close();
    this.writer?.close();
  }

  #client(part: Part, credential: Credential, paces: { writes: Pace; notifications: Pace }): GitHub {
    const { api, graphql } = this.address;
    const { ONCALL_GIT_GITHUB_CA: ca, ONCALL_GIT_GITHUB_TIMEOUT_SECONDS: timeout } = this.#config;
    const names = {
      name: `GitHub at ${api.href.replace(/\/+$/, "")}`,
      variables: {
        url: "ONCALL_GIT_GITHUB_URL",
        credentials: variablesOf(part, credential),
        ca: "ONCALL_GIT_GITHUB_CA_FILE",
      },
    };
    const common = {
      ...{ ...names, maxBytes: MAX_BYTES, ...requestLimits(timeout, this.#config) },
      ...(ca === undefined ? {} : { ca }),
    };
    const http = httpClient({ ...common, url: api });
    const graphqlHttp = httpClient({ ...common, url: graphql });
    return gitHub({ names, http, graphqlHttp, api, credential, ...paces });
  }
}

/** Whether the catalog places an entry in a repository. One that it places nowhere may live in any. */
function livesAt(key: string, entry: CatalogEntry, branch: string, address: GitHubAddress): boolean {
  const { annotations } = entry;
  if (!annotations["github.com/project-slug"] && !annotations["backstage.io/source-location"]) return true;
  try {
    return fullName(upstreamOf(entry, branch, address)).toLowerCase() === key;
  } catch (error) {
    if (error instanceof CouldNotLook) return false;
    throw error;
  }
}

function isSame(a: Credential, b: Credential): boolean {
  if (a.kind === "token" && b.kind === "token") return a.token.reveal() === b.token.reveal();
  return a.kind === "app" && b.kind === "app" && a.appId === b.appId;
}
