import { type Hpa, readHpa } from "../monorepo/hpa.ts";
import { readManifest } from "../monorepo/manifest.ts";
import { sleep } from "../shell.ts";
import { SERVICES } from "../topology.ts";
import type { Deployer } from "./deployer.ts";
import type { PlatformLog } from "./platform-log.ts";
import type { Pod, Pods } from "./pods.ts";

const EVERY_MS = 15_000;
/** Within this of the target nothing is done, as in Kubernetes. */
const TOLERANCE = 0.1;
/** Pods are taken away only after this long of wanting fewer. */
const CALM_MS = 5 * 60_000;

/** How many pods are wanted of those that there are, by the mean use of what they request; at the least as many as there must be. */
export function wantedReplicas(pods: number, use: number | undefined, hpa: Hpa): number {
  const ratio = use === undefined ? 1 : use / hpa.target;
  const wanted = Math.abs(ratio - 1) <= TOLERANCE ? pods : Math.ceil(pods * ratio);
  return Math.max(hpa.min, wanted);
}

export interface Scale {
  readonly replicas: number;
  readonly desired: number;
  readonly max: number;
}

/** Adds pods where the CPU that the pods use asks for it, within what the repository allows. */
export class Autoscaler {
  readonly scales = new Map<string, Scale>();
  readonly #deployer: Deployer;
  readonly #pods: Pods;
  readonly #log: PlatformLog;
  readonly #used = new Map<string, { readonly seconds: number; readonly at: number }>();
  readonly #limited = new Set<string>();
  readonly #wantedMoreAt = new Map<string, number>();
  #running = true;
  #loop: Promise<void>;

  constructor(deployer: Deployer, pods: Pods, log: PlatformLog) {
    this.#deployer = deployer;
    this.#pods = pods;
    this.#log = log;
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #watch(): Promise<void> {
    for (let waited = 0; this.#running; waited += 1000) {
      await sleep(1000);
      if (waited % EVERY_MS === 0) await Promise.all(SERVICES.map((service) => this.#look(service)));
    }
  }

  async #look(service: string): Promise<void> {
    const { tree } = this.#deployer;
    const hpa = await readHpa(tree, service);
    const request = (await readManifest(tree, service)).cpu.request;
    if (hpa === undefined || request === undefined) return;
    const pods = this.#pods.of(service);
    const uses = (await Promise.all(pods.map((pod) => this.#use(pod)))).filter((use) => use !== undefined);
    const mean = uses.length === 0 ? undefined : uses.reduce((sum, use) => sum + use, 0) / uses.length;
    const wanted = wantedReplicas(pods.length, mean === undefined ? undefined : mean / request, hpa);
    const desired = Math.min(hpa.max, wanted);
    this.scales.set(service, { replicas: pods.length, desired: wanted, max: hpa.max });
    this.#tellLimit(service, wanted > hpa.max);
    if (wanted >= pods.length) this.#wantedMoreAt.set(service, Date.now());
    const calm = Date.now() - (this.#wantedMoreAt.get(service) ?? 0) > CALM_MS;
    if (desired > pods.length) await this.#grow(service, desired - pods.length, desired);
    else if (desired < pods.length && calm) await this.#shrink(service, pods.slice(desired), desired);
  }

  #tellLimit(service: string, limited: boolean): void {
    if (limited === this.#limited.has(service)) return;
    if (limited) {
      this.#limited.add(service);
      const why = "the desired replica count is more than the maximum replica count";
      this.#log.event(service, undefined, `ScalingLimited TooManyReplicas: ${why}`, "warn");
    } else {
      this.#limited.delete(service);
      this.#log.event(
        service,
        undefined,
        "ScalingLimited DesiredWithinRange: the desired count is within the acceptable range",
      );
    }
  }

  async #grow(service: string, by: number, to: number): Promise<void> {
    this.#log.event(
      service,
      undefined,
      `New size: ${to}; reason: cpu resource utilization (percentage of request) above target`,
    );
    const spec = await this.#deployer.plan(service);
    for (let index = 0; index < by; index += 1) {
      const pod = await this.#pods.add(spec);
      this.#log.event(service, pod.name, `Started container ${service}`);
    }
  }

  async #shrink(service: string, spare: readonly Pod[], to: number): Promise<void> {
    this.#log.event(service, undefined, `New size: ${to}; reason: All metrics below target`);
    await Promise.all(spare.map((pod) => this.#pods.remove(pod)));
  }

  /** In cores, since the last look; undefined at the first. */
  async #use(pod: Pod): Promise<number | undefined> {
    try {
      const response = await fetch(`http://127.0.0.1:${pod.port}/metrics`, { signal: AbortSignal.timeout(2000) });
      const text = await response.text();
      const seconds = Number(/^container_cpu_work_seconds_total (\S+)/m.exec(text)?.[1] ?? 0);
      const before = this.#used.get(pod.name);
      const at = Date.now();
      this.#used.set(pod.name, { seconds, at });
      return before === undefined ? undefined : (seconds - before.seconds) / ((at - before.at) / 1000);
    } catch {
      // Gone in between, or too busy to say.
      return undefined;
    }
  }
}
