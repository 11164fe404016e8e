import type { Random } from "../../random.ts";
import { Clock } from "./clock.ts";
import { Failure, failureOf } from "./failures.ts";
import { Logbook, type Trace } from "./logbook.ts";
import type { Resource } from "./resource.ts";
import { type Pod, poolOf, type Workload } from "./workload.ts";

/** What a handler is given. */
export interface Job {
  readonly world: World;
  readonly workload: Workload;
  readonly pod: Pod;
  readonly trace: Trace;
  readonly route: string;
  /** What is asked for, where it matters: a member's tier, an id. */
  readonly about: Readonly<Record<string, string | number>>;
}

export type Handler = (job: Job) => Promise<void>;

export interface CallOptions {
  readonly timeoutMs: number;
  readonly attempts?: number;
  readonly backoffMs?: number;
  readonly about?: Readonly<Record<string, string | number>>;
}

/** How a language words what its HTTP client ran into. */
export interface Voice {
  late(callee: string, timeoutMs: number): string;
  refused(callee: string): string;
  answered(callee: string, status: number): string;
  retry(job: Job, callee: string, attempt: number, why: string): void;
  access(job: Job, status: number, ms: number): void;
  failed(job: Job, failure: Failure): void;
}

/** The estate while it runs: who there is, and how one asks another. */
export class World {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logbook;
  readonly workloads = new Map<string, Workload>();
  readonly resources = new Map<string, Resource>();
  readonly handlers = new Map<string, Handler>();
  readonly voices = new Map<string, Voice>();
  /** Depth of queues by their reader: messages that wait. */
  readonly queues = new Map<string, Record<string, string | number>[]>();
  /** Answers with a status from 400 to 499, by who gave them. */
  readonly refused = new Map<string, number>();
  /** By how much more customers come than on an ordinary day. */
  crowd = 1;

  constructor(begins: number, random: Random, keepEach: number) {
    this.clock = new Clock(begins);
    this.random = random;
    this.log = new Logbook(random.fork("log"), keepEach);
  }

  workload(name: string): Workload {
    return found(this.workloads, name);
  }

  resource(name: string): Resource {
    return found(this.resources, name);
  }

  voiceOf({ language }: Workload): Voice {
    return found(this.voices, language);
  }

  /** Asks another service over HTTP: a timeout, retries, and what the caller makes of the answer. */
  async call(job: Job, callee: string, route: string, options: CallOptions): Promise<void> {
    const voice = this.voiceOf(job.workload);
    const { attempts = 1, backoffMs = 0, timeoutMs } = options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const late = () => new Failure(504, voice.late(callee, timeoutMs), callee);
        await this.clock.within(timeoutMs, this.#attempt(job, callee, route, options.about ?? job.about), late);
        return;
      } catch (error) {
        const failure = failureOf(error);
        if (attempt >= attempts || failure.status < 500) throw failure;
        job.workload.meter.retries += 1;
        voice.retry(job, callee, attempt, failure.reason);
        if (backoffMs > 0) await this.clock.sleep(backoffMs * attempt);
      }
    }
  }

  async #attempt(job: Job, callee: string, route: string, about: Job["about"]): Promise<void> {
    await this.clock.sleep(this.random.between(0.2, 0.9));
    const voice = this.voiceOf(job.workload);
    const workload = this.workload(callee);
    const pod = workload.pick();
    if (pod === undefined) throw new Failure(503, voice.refused(callee), callee);
    const status = await this.serve(workload, pod, route, job.trace, about);
    if (pod.gone && status >= 500) throw new Failure(503, voice.refused(callee), callee);
    if (status >= 400) throw new Failure(status >= 500 ? 502 : status, voice.answered(callee, status), callee);
  }

  /** One request at a pod: waits for a worker, is handled, counted and logged. Gives the status. */
  async serve(workload: Workload, pod: Pod, route: string, trace: Trace, about: Job["about"]): Promise<number> {
    const arrived = this.clock.now;
    const voice = this.voiceOf(workload);
    const job: Job = { world: this, workload, pod, trace, route, about };
    pod.inFlight += 1;
    await pod.workers.enter();
    // Tomcat's timer starts when a thread takes the request; the others measure from its arrival.
    const began = workload.language === "java" ? this.clock.now : arrived;
    let status = 200;
    try {
      await found(this.handlers, `${workload.name} ${route}`)(job);
      if (pod.gone) status = 503;
    } catch (error) {
      const failure = failureOf(error);
      status = failure.status;
      voice.failed(job, failure);
    } finally {
      pod.workers.leave();
      pod.inFlight -= 1;
    }
    if (status >= 400 && status < 500) this.refused.set(workload.name, (this.refused.get(workload.name) ?? 0) + 1);
    const ms = this.clock.now - began;
    workload.meter.observe(ms / 1000, status >= 500);
    voice.access(job, status, ms);
    return status;
  }

  /** Asks a resource over one of the pod's connections. `late` words a pool that is exhausted. */
  async query(
    { pod, workload }: Job,
    resource: string,
    what: string,
    { pool, patienceMs = 2000, weight = 1 }: { pool: number; patienceMs?: number; weight?: number },
    late: (lanes: { size: number; inUse: number; waiting: number }) => string,
  ): Promise<void> {
    const lanes = poolOf(this.clock, pod, resource, pool);
    await lanes.enter(patienceMs, () => new Failure(500, late(lanes), resource));
    try {
      await this.resource(resource).ask(workload.name, what, weight);
    } finally {
      lanes.leave();
    }
  }
}

function found<T>(all: ReadonlyMap<string, T>, name: string): T {
  const one = all.get(name);
  if (one === undefined) throw new Error(`the estate has no ${name}`);
  return one;
}
