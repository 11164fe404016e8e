import { existsSync } from "node:fs";
import path from "node:path";
import { DEPLOYER, type Deployment } from "../monorepo/build.ts";
import { podEnvironment, readManifest } from "../monorepo/manifest.ts";
import { touchedServices } from "../monorepo/touched.ts";
import { run, sleep } from "../shell.ts";
import { SERVICES } from "../topology.ts";
import type { PlatformLog } from "./platform-log.ts";
import type { PodSpec, Pods } from "./pods.ts";

const POLL_MS = 3000;
/** A new pod serves this long before the next old one goes. */
const MIN_READY_MS = 4000;

/** Watches main and brings the estate to it, as Argo CD does: only what a commit touches, a pod at a time. */
export class Deployer {
  readonly deployments: Deployment[] = [];
  readonly #upstream: string;
  readonly #directory: string;
  readonly #pods: Pods;
  readonly #log: PlatformLog;
  #applied = "";
  #watching = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(upstream: string, directory: string, pods: Pods, log: PlatformLog) {
    this.#upstream = upstream;
    this.#directory = directory;
    this.#pods = pods;
    this.#log = log;
  }

  /** Brings every service up at the revision that main is at. */
  async start(): Promise<void> {
    this.#applied = await this.#head();
    const tree = await this.#checkout(this.#applied);
    for (const service of SERVICES) {
      const specs = await this.#plan(tree, service, this.#applied);
      await Promise.all(specs.map((spec) => this.#pods.add(spec)));
    }
    this.#watching = true;
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#watching = false;
    await this.#loop;
  }

  async #watch(): Promise<void> {
    while (this.#watching) {
      const head = await this.#head();
      if (head !== this.#applied) await this.#sync(head);
      await sleep(POLL_MS);
    }
  }

  async #sync(head: string): Promise<void> {
    const changed = await run("git", ["diff", "--name-only", this.#applied, head], { cwd: this.#upstream });
    const tree = await this.#checkout(head);
    this.#applied = head;
    const services = await touchedServices(tree, changed.split("\n"));
    await Promise.all(services.map((service) => this.#rollOut(tree, service, head)));
  }

  async #rollOut(tree: string, service: string, revision: string): Promise<void> {
    this.deployments.push({ service, revision, at: new Date(), by: DEPLOYER });
    const specs = await this.#plan(tree, service, revision);
    const old = this.#pods.of(service);
    this.#log.event(service, undefined, `Scaled up replica set ${service}-${revision.slice(0, 9)} to ${specs.length}`);
    for (const [index, spec] of specs.entries()) {
      const pod = await this.#pods.add(spec);
      this.#log.event(service, pod.name, `Started container ${service}`);
      await sleep(MIN_READY_MS);
      const replaced = old[index];
      if (replaced !== undefined) {
        this.#log.event(service, replaced.name, `Stopping container ${service}`);
        await this.#pods.remove(replaced);
      }
    }
    await Promise.all(old.slice(specs.length).map((pod) => this.#pods.remove(pod)));
  }

  async #plan(tree: string, service: string, revision: string): Promise<readonly PodSpec[]> {
    const manifest = await readManifest(tree, service);
    const env = await podEnvironment(tree, manifest);
    const spec = { service, revision, command: manifest.command, cwd: tree, env };
    return Array.from({ length: manifest.replicas }, () => spec);
  }

  #head(): Promise<string> {
    return run("git", ["rev-parse", "main"], { cwd: this.#upstream });
  }

  async #checkout(revision: string): Promise<string> {
    const tree = path.join(this.#directory, "worktrees", revision.slice(0, 12));
    if (!existsSync(tree)) {
      await run("git", ["worktree", "add", "--quiet", "--detach", tree, revision], { cwd: this.#upstream });
    }
    return tree;
  }
}
