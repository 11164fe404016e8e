import type { Random } from "../../random.ts";
import type { Clock } from "./clock.ts";
import { Lanes, Processor } from "./lanes.ts";
import { BUCKETS, Meter } from "./meter.ts";

export type Language = "java" | "python" | "go" | "envoy";

/** How a service runs: what its manifest says. Numbers are limits, `env` what the process reads when it starts. */
export interface Spec {
  readonly replicas: number;
  readonly cores: number;
  readonly memoryMiB: number;
  /** Requests that a pod works on at once; the others wait. */
  readonly workers: number;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  /** Ways in which the code of this version differs from what the estate began with. */
  readonly code: Readonly<Record<string, number>>;
  /** A container that cannot be created never becomes ready: the kubelet's words. */
  readonly cannotStart?: string;
}

export interface Pod {
  readonly name: string;
  readonly node: string;
  readonly spec: Spec;
  readonly cpu: Processor;
  readonly workers: Lanes;
  readonly pools: Map<string, Lanes>;
  readonly bornAt: number;
  ready: boolean;
  gone: boolean;
  /** What it holds beyond its base, in MiB. */
  heapMiB: number;
  inFlight: number;
}

/** One service: its pods, its counters, and what all of its pods share. */
export class Workload {
  readonly name: string;
  readonly language: Language;
  readonly baseMiB: number;
  readonly meter: Meter;
  spec: Spec;
  pods: Pod[] = [];
  restarts = 0;
  /** CPU seconds of pods that are gone. */
  #pastCpu = 0;
  #turn = 0;

  constructor(name: string, language: Language, spec: Spec, baseMiB: number) {
    this.name = name;
    this.language = language;
    this.spec = spec;
    this.baseMiB = baseMiB;
    const bounds = { java: BUCKETS.micrometer, go: BUCKETS.otel, envoy: BUCKETS.otel, python: BUCKETS.python }[
      language
    ];
    this.meter = new Meter(bounds);
  }

  get ready(): readonly Pod[] {
    return this.pods.filter((pod) => pod.ready && !pod.gone);
  }

  get cpuSeconds(): number {
    return this.pods.reduce((sum, pod) => sum + pod.cpu.usedSeconds, this.#pastCpu);
  }

  /** The next ready pod in turn, as a Service's endpoints are used. */
  pick(): Pod | undefined {
    const { ready } = this;
    this.#turn += 1;
    return ready[this.#turn % Math.max(1, ready.length)];
  }

  remove(pod: Pod): void {
    pod.ready = false;
    pod.gone = true;
    this.#pastCpu += pod.cpu.usedSeconds;
    this.pods = this.pods.filter((one) => one !== pod);
  }
}

export function makePod(clock: Clock, random: Random, workload: Workload, spec: Spec, name: string, node: string): Pod {
  const pod: Pod = {
    ...{ name, node, spec, bornAt: clock.now, ready: false, gone: false, heapMiB: 0, inFlight: 0 },
    cpu: new Processor(clock, spec.cores),
    workers: new Lanes(clock, spec.workers),
    pools: new Map(),
  };
  random.next();
  workload.pods.push(pod);
  return pod;
}

/** A pod's connections to a resource, made when they are first asked for. */
export function poolOf(clock: Clock, pod: Pod, resource: string, size: number): Lanes {
  const known = pod.pools.get(resource) ?? new Lanes(clock, size);
  pod.pools.set(resource, known);
  return known;
}
