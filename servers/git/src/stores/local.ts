import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Catalog, type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import type { Recording } from "@oncall-copilot/core/recording";
import type { Config } from "../config.ts";
import { sourceRepository } from "../paths/service-paths.ts";
import type { Fork, Repository, Sources } from "../store.ts";
import { unpackBundle } from "./bundle.ts";
import { findGitDir } from "./git-dir.ts";
import { LocalFork } from "./local-fork.ts";
import { LocalRepository } from "./local-repository.ts";
import { RecordedRepositories } from "./recorded-repositories.ts";

/** The catalog places a service in another repository than the one at hand. */
export class LivesElsewhere extends CouldNotLook {
  constructor(service: string, place: string, home: string | undefined) {
    super("not_recorded", `${service} lives in ${place}; the repository at hand is ${home}`);
  }
}

/** `$XDG_STATE_HOME/oncall-copilot/git`, by default under `~/.local/state`. */
export function defaultWorkdir(env: NodeJS.ProcessEnv = process.env): string {
  const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
  return join(state, "oncall-copilot", "git");
}

/**
 * An upstream and a fork on this machine. The upstream is `ONCALL_GIT_UPSTREAM`, else the recording's bundle, unpacked
 * into the work folder on first use. One repository serves every service, but in a recording with several.
 */
export class LocalStore implements Sources {
  readonly #config: Config;
  readonly #catalog: Catalog;
  readonly #recording: Recording | undefined;
  readonly #workdir: string;
  /** Of a recording with several repositories. */
  readonly #several: RecordedRepositories | undefined;
  #repository: Promise<LocalRepository> | undefined;

  constructor(config: Config, catalog: Catalog, recording: Recording | undefined) {
    this.#config = config;
    this.#catalog = catalog;
    this.#recording = recording;
    this.#workdir = resolve(config.ONCALL_GIT_WORKDIR ?? defaultWorkdir());
    if (recording?.path("repositories") && !config.ONCALL_GIT_UPSTREAM) {
      const { ONCALL_GIT_BRANCH: branch } = config;
      this.#several = new RecordedRepositories({ recording, branch, workdir: this.#workdir });
    }
  }

  now(): number {
    if (this.#recording) return this.#recording.asOf;
    return this.#config.ONCALL_AS_OF === undefined ? Date.now() : Date.parse(this.#config.ONCALL_AS_OF);
  }

  async repository(service: CatalogEntry): Promise<Repository> {
    return this.#upstreamOf(service);
  }

  async deployRepository(service: CatalogEntry): Promise<Repository | undefined> {
    return this.#several?.deploying(service);
  }

  /** One fork takes the branches of all upstreams: none of them knows another's. */
  async fork(service: CatalogEntry, _signal?: AbortSignal, repository?: Repository): Promise<Fork> {
    const upstream = repository instanceof LocalRepository ? repository : await this.#upstreamOf(service);
    const configured = this.#config.ONCALL_GIT_FORK;
    const path = configured ? resolve(configured) : join(this.#workdir, "forks", `${this.#forkName(upstream)}.git`);
    return new LocalFork(path, upstream);
  }

  async #upstreamOf(service: CatalogEntry): Promise<LocalRepository> {
    if (this.#several) return this.#several.repository(service);
    this.#checkHome(service);
    return this.#open();
  }

  /** One repository is here; a service that the catalog places in another must not be taken to own files of this one. */
  #checkHome(service: CatalogEntry): void {
    const branch = this.#config.ONCALL_GIT_BRANCH;
    const votes = new Map<string, number>();
    for (const entry of this.#catalog.entries()) {
      const place = sourceRepository(entry, branch);
      if (place) votes.set(place, (votes.get(place) ?? 0) + 1);
    }
    const [home] = [...votes].sort(([, a], [, b]) => b - a)[0] ?? [];
    const own = sourceRepository(service, branch);
    if (own !== undefined && own !== home) {
      throw new LivesElsewhere(service.name, own, home);
    }
  }

  /**
   * Opened once, for every call, so that one call's cancellation must not end it; git has its own time-out. A failure is
   * not kept, since its cause may be cured while the server lives.
   */
  #open(): Promise<LocalRepository> {
    this.#repository ??= this.#find(new AbortController().signal).catch((error: unknown) => {
      this.#repository = undefined;
      throw error;
    });
    return this.#repository;
  }

  async #find(signal: AbortSignal): Promise<LocalRepository> {
    const common = { branch: this.#config.ONCALL_GIT_BRANCH, now: () => this.now() };
    const configured = this.#config.ONCALL_GIT_UPSTREAM;
    if (configured) {
      const gitDir = await findGitDir(resolve(configured), "ONCALL_GIT_UPSTREAM", signal);
      const web = pathToFileURL(resolve(configured)).href;
      const name = `the local repository ${basename(resolve(configured))}`;
      return new LocalRepository({ ...common, gitDir, id: gitDir, name, url: (place) => `${web}#${place}` });
    }
    const recording = this.#recording;
    const bundle = recording?.path("repository");
    if (!recording) {
      throw new CouldNotLook("not_configured", "no repository is configured; set ONCALL_GIT_UPSTREAM");
    }
    if (!bundle) throw new CouldNotLook("not_recorded", "this recording has no repository (repo.bundle)");
    const gitDir = await unpackBundle(bundle, this.#workdir, signal);
    const name = `the recording ${recording.name}`;
    return new LocalRepository({
      ...common,
      gitDir,
      id: gitDir,
      name,
      url: (place) => recording.url("repository", place),
    });
  }

  #forkName(upstream: LocalRepository): string {
    return this.#recording?.name ?? basename(upstream.gitDir).replace(/\.git$/, "");
  }
}
