import type { Level } from "./logbook.ts";
import { makePod, type Pod, type Spec, type Workload } from "./workload.ts";
import type { World } from "./world.ts";

const SECOND = 1000;
const POD_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** Seconds from the container's start to its first passed readiness probe. */
const STARTS_IN = { java: [16, 24], python: [5, 8], go: [1.5, 3], envoy: [2, 4] } as const;

/** Deployments, pods, nodes and what the control plane says of them, as events of the logger `kubernetes-events`. */
export class Cluster {
  readonly nodes: readonly string[];
  /** How each service's main process announces that it is up. */
  hello: (workload: Workload, pod: Pod) => void = () => {};
  readonly #world: World;
  readonly #sets = new Map<string, string>();

  constructor(world: World, nodes: readonly string[]) {
    this.#world = world;
    this.nodes = nodes;
  }

  event(service: string, level: Level, reason: string, message: string, pod?: string, kind = "Pod"): void {
    const more = { "k8s.event.reason": reason, "k8s.object.kind": kind, "k8s.namespace.name": "skerry" };
    this.#world.log.write({
      ...{ at: this.#world.clock.now, service, level, message, pod, more, logger: "kubernetes-events" },
    });
  }

  /** Pods that have been there for days. */
  settle(workload: Workload): void {
    for (let index = 0; index < workload.spec.replicas; index += 1) this.#place(workload, workload.spec).ready = true;
  }

  /** A rolling update, one pod more and none less at a time; a pod that cannot start stops it where it is. */
  async rollOut(workload: Workload, spec: Spec): Promise<void> {
    const { clock } = this.#world;
    const wanted = Math.max(spec.replicas, workload.pods.length);
    workload.spec = spec;
    const old = workload.pods.filter(({ gone }) => !gone);
    this.#sets.set(workload.name, this.#hash());
    const surge = spec.code["maxUnavailable"] ?? 0;
    for (let index = 0; index < surge; index += 1) this.stop(workload, old.shift());
    for (let index = 0; index < wanted; index += 1) {
      this.event(
        workload.name,
        "info",
        "ScalingReplicaSet",
        `Scaled up replica set ${this.#set(workload)} to ${index + 1}`,
        undefined,
        "Deployment",
      );
      const pod = this.#place(workload, spec);
      if (!(await this.#start(workload, pod))) return;
      this.stop(workload, old.shift());
      await clock.sleep(2 * SECOND);
    }
    for (const pod of old) this.stop(workload, pod);
  }

  /** More or fewer pods of the same kind. */
  async scale(workload: Workload, replicas: number): Promise<void> {
    const have = workload.pods.filter(({ gone }) => !gone);
    const [from, way] = [have.length, replicas > have.length ? "up" : "down"];
    if (from === replicas) return;
    const message = `Scaled ${way} replica set ${this.#set(workload)} to ${replicas} from ${from}`;
    this.event(workload.name, "info", "ScalingReplicaSet", message, undefined, "Deployment");
    workload.spec = { ...workload.spec, replicas };
    for (const pod of have.slice(replicas)) this.stop(workload, pod);
    await Promise.all(
      Array.from({ length: Math.max(0, replicas - from) }, () =>
        this.#start(workload, this.#place(workload, workload.spec)),
      ),
    );
  }

  stop(workload: Workload, pod: Pod | undefined): void {
    if (pod === undefined || pod.gone) return;
    this.event(workload.name, "info", "Killing", `Stopping container ${workload.name}`, pod.name);
    pod.ready = false;
    const drained = (): void => {
      if (pod.inFlight > 0 && this.#world.clock.now < stopBy)
        this.#world.clock.at(this.#world.clock.now + 500, drained);
      else workload.remove(pod);
    };
    const stopBy = this.#world.clock.now + 20 * SECOND;
    drained();
  }

  /** The container ends at once, and the kubelet starts it again, later each time. */
  async restart(workload: Workload, pod: Pod, reason: string, exitCode: number): Promise<void> {
    const { name } = pod;
    workload.restarts += 1;
    workload.remove(pod);
    const again = `Container ${workload.name} terminated: reason ${reason}, exit code ${exitCode}`;
    this.event(workload.name, "warn", reason, again, name);
    await this.#world.clock.sleep(SECOND);
    const fresh = makePod(this.#world.clock, this.#world.random, workload, pod.spec, name, pod.node);
    const count = Math.min(5, workload.restarts);
    if (count > 1) {
      this.event(
        workload.name,
        "warn",
        "BackOff",
        `Back-off restarting failed container ${workload.name} in pod ${name}`,
        name,
      );
      await this.#world.clock.sleep(5 * SECOND * 2 ** (count - 2));
    }
    await this.#start(workload, fresh);
  }

  async #start(workload: Workload, pod: Pod): Promise<boolean> {
    const { clock, random } = this.#world;
    const { cannotStart, version } = pod.spec;
    await clock.sleep(random.between(0.4, 1.2) * SECOND);
    if (cannotStart !== undefined) {
      const complain = (): void => {
        if (pod.gone) return;
        this.event(workload.name, "warn", "Failed", `Error: ${cannotStart}`, pod.name);
        clock.at(clock.now + random.between(11, 16) * SECOND, complain);
      };
      complain();
      return false;
    }
    this.event(
      workload.name,
      "info",
      "Pulled",
      `Successfully pulled image "registry.skerry.example/${workload.name}:${version}"`,
      pod.name,
    );
    this.event(workload.name, "info", "Started", `Started container ${workload.name}`, pod.name);
    const [least, most] = STARTS_IN[workload.language];
    await clock.sleep((random.between(least, most) * SECOND) / pod.cpu.speed);
    if (pod.gone) return false;
    pod.ready = true;
    this.hello(workload, pod);
    return true;
  }

  #place(workload: Workload, spec: Spec): Pod {
    const { clock, random } = this.#world;
    const tail = Array.from({ length: 5 }, () => random.pick([...POD_LETTERS])).join("");
    const used = (node: string) => workload.pods.filter((pod) => pod.node === node).length;
    const [node = ""] = [...this.nodes].sort((a, b) => used(a) - used(b));
    const free = random.pick(this.nodes.filter((one) => used(one) === used(node)));
    return makePod(clock, random, workload, spec, `${this.#set(workload)}-${tail}`, free);
  }

  #set(workload: Workload): string {
    const hash = this.#sets.get(workload.name) ?? this.#hash();
    this.#sets.set(workload.name, hash);
    return `${workload.name}-${hash}`;
  }

  #hash(): string {
    return Array.from({ length: 9 }, () => this.#world.random.pick([...POD_LETTERS])).join("");
  }
}
