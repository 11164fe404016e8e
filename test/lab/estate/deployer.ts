import { existsSync } from "node:fs";
import path from "node:path";
import { DEPLOYER, type Deployment } from "../monorepo/build.ts";
import { readHpa } from "../monorepo/hpa.ts";
import { podEnvironment, readManifest } from "../monorepo/manifest.ts";
import { touchedServices } from "../monorepo/touched.ts";
import { run, sleep } from "../shell.ts";
import { SERVICES } from "../topology.ts";
import type { PlatformLog } from "./platform-log.ts";
import type { PodSpec, Pods } from "./pods.ts";
import { applyPolicies } from "./policies.ts";
import type { Secrets } from "./secrets.ts";

const POLL_MS = 3000;
/** A new pod serves this long before the next old one goes. */
const MIN_READY_MS = 4000;

export interface DeployerParts {
  readonly upstream: string;
  readonly directory: string;
  readonly pods: Pods;
  readonly log: PlatformLog;
  readonly secrets: Secrets;
  /** Where the object store reads what roles may do. */
  readonly policiesFile: string;
}

interface Live {
  readonly tree: string;
  readonly revision: string;
}

/** Watches main and brings the estate to it, as Argo CD does: only what a commit touches, a pod at a time. */
export class Deployer {
  readonly deployments: Deployment[] = [];
  readonly #parts: DeployerParts;
  readonly #live = new Map<string, Live>();
  #applied: Live = { tree: "", revision: "" };
  #watching = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: DeployerParts) {
    this.#parts = parts;
  }

  /** The tree that was applied last. */
  get tree(): string {
    return this.#applied.tree;
  }

  /** Brings every service up at the revision that main is at. */
  async start(): Promise<void> {
    const { pods, secrets, policiesFile } = this.#parts;
    const revision = await this.#head();
    const tree = await this.#checkout(revision);
    this.#applied = { tree, revision };
    for (const service of SERVICES) {
      for (const secret of (await readManifest(tree, service)).secrets) secrets.provide(secret);
    }
    applyPolicies(tree, policiesFile);
    for (const service of SERVICES) {
      this.#live.set(service, this.#applied);
      const { replicas } = await readManifest(tree, service);
      const spec = await this.plan(service);
      await Promise.all(Array.from({ length: replicas }, () => pods.add(spec)));
    }
    this.#watching = true;
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#watching = false;
    await this.#loop;
  }

  /** What a new pod of a service would be, by what was deployed of it last. */
  async plan(service: string, edited: Readonly<Record<string, string>> = {}): Promise<PodSpec> {
    const { secrets } = this.#parts;
    const { tree, revision } = this.#live.get(service) ?? this.#applied;
    const manifest = await readManifest(tree, service);
    const env = await podEnvironment(tree, manifest);
    for (const { name, secret, key } of manifest.fromSecrets) env[name] = secrets.value(secret, key);
    if (manifest.cpu.limit !== undefined) env["CPU_LIMIT"] = String(manifest.cpu.limit);
    env["SECRETS_DIR"] = secrets.directory;
    return { service, revision, command: manifest.command, cwd: tree, env: { ...env, ...edited } };
  }

  /** Replaces a service's pods one by one with new ones of the same revision, as edited by hand or as they are. */
  async restart(service: string, edited: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#replace(service, await this.plan(service, edited));
  }

  async #watch(): Promise<void> {
    while (this.#watching) {
      const head = await this.#head();
      if (head !== this.#applied.revision) await this.#sync(head);
      await sleep(POLL_MS);
    }
  }

  async #sync(head: string): Promise<void> {
    const { upstream, policiesFile } = this.#parts;
    const changed = (await run("git", ["diff", "--name-only", this.#applied.revision, head], { cwd: upstream })).split(
      "\n",
    );
    const tree = await this.#checkout(head);
    this.#applied = { tree, revision: head };
    if (changed.some((file) => file.startsWith("infra/"))) applyPolicies(tree, policiesFile);
    const services = await touchedServices(tree, changed);
    await Promise.all(services.map((service) => this.#rollOut(service)));
  }

  async #rollOut(service: string): Promise<void> {
    const { revision } = this.#applied;
    this.#live.set(service, this.#applied);
    this.deployments.push({ service, revision, at: new Date(), by: DEPLOYER });
    await this.#replace(service, await this.plan(service));
  }

  async #replace(service: string, spec: PodSpec): Promise<void> {
    const { pods, log } = this.#parts;
    const old = pods.of(service);
    // Where an autoscaler rules, the manifest does not say how many.
    const scaled = (await readHpa(spec.cwd, service)) !== undefined;
    const count = scaled ? old.length : (await readManifest(spec.cwd, service)).replicas;
    log.event(service, undefined, `Scaled up replica set ${service}-${spec.revision.slice(0, 9)} to ${count}`);
    for (let index = 0; index < count; index += 1) {
      const pod = await pods.add(spec);
      log.event(service, pod.name, `Started container ${service}`);
      await sleep(MIN_READY_MS);
      const replaced = old[index];
      if (replaced !== undefined) {
        log.event(service, replaced.name, `Stopping container ${service}`);
        await pods.remove(replaced);
      }
    }
    await Promise.all(old.slice(count).map((pod) => pods.remove(pod)));
  }

  #head(): Promise<string> {
    return run("git", ["rev-parse", "main"], { cwd: this.#parts.upstream });
  }

  async #checkout(revision: string): Promise<string> {
    const { directory, upstream } = this.#parts;
    const tree = path.join(directory, "worktrees", revision.slice(0, 12));
    if (!existsSync(tree)) {
      await run("git", ["worktree", "add", "--quiet", "--detach", tree, revision], { cwd: upstream });
    }
    return tree;
  }
}
