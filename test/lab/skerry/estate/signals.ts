import { type Rates, SCRAPE_SECONDS } from "../world/meter.ts";
import type { Workload } from "../world/workload.ts";
import { type Estate, SERVICES } from "./estate.ts";
import { usedMiB } from "./life.ts";

export interface Sample {
  readonly at: number;
  readonly service: string;
  readonly signal: string;
  readonly value: number;
}

const RATE_WINDOW_SECONDS = 60;
const MIB = 1024 * 1024;

/** Scrapes everything each 15 s, and keeps what Prometheus would answer. */
export class Monitoring {
  readonly samples: Sample[] = [];
  readonly latest = new Map<string, number>();
  readonly #estate: Estate;
  #before = new Map<string, number>();

  constructor(estate: Estate, begins: number, each: (at: number) => void) {
    this.#estate = estate;
    const { clock } = estate.world;
    const scrape = (): void => {
      this.latest.clear();
      for (const workload of estate.world.workloads.values()) this.#ofWorkload(workload);
      this.#ofResources();
      each(clock.now);
      clock.at(clock.now + SCRAPE_SECONDS * 1000, scrape);
    };
    clock.at(begins, scrape);
  }

  #keep(service: string, signal: string, value: number | undefined): void {
    if (value === undefined || !Number.isFinite(value)) return;
    this.samples.push({ at: this.#estate.world.clock.now, service, signal, value });
    this.latest.set(`${service} ${signal}`, value);
  }

  #ofWorkload(workload: Workload): void {
    const { world } = this.#estate;
    const { name, meter, language } = workload;
    const rates = meter.scrape(workload.cpuSeconds, RATE_WINDOW_SECONDS);
    const pods = workload.pods.filter(({ gone }) => !gone);
    const keep = (signal: string, value: number | undefined): void => this.#keep(name, signal, value);
    const sum = (of: (pod: (typeof pods)[number]) => number): number => pods.reduce((all, pod) => all + of(pod), 0);
    this.#served(name, rates);
    if (name === "edge-gateway" || name === "loyalty") keep("client_error_ratio", this.#clientErrors(name, workload));
    if (rates && rates.retries > 0) keep("client_retries_per_second", rates.retries);
    keep("cpu_cores", rates?.cpuCores);
    keep(
      "cpu_ratio",
      rates &&
        rates.cpuCores /
          Math.max(
            0.01,
            sum(({ spec }) => spec.cores),
          ),
    );
    const wobble = () =>
      1 + 0.02 * (world.random.next() - 0.5) + (language === "java" ? 0.12 * world.random.next() : 0);
    keep("memory_bytes", sum((pod) => usedMiB(workload.baseMiB, pod, wobble())) * MIB);
    keep(
      "in_flight_requests",
      sum(({ inFlight }) => inFlight),
    );
    keep("ready_replicas", workload.ready.length);
    keep("desired_replicas", workload.spec.replicas);
    keep("unavailable_replicas", Math.max(0, workload.spec.replicas - workload.ready.length));
    keep("container_restarts", workload.restarts);
    keep("queue_depth", world.queues.get(name)?.length);
    if (language === "java") {
      const pools = pods.flatMap((pod) => [...pod.pools.values()]);
      keep(
        "hikaricp_connections_active",
        pools.reduce((all, { inUse }) => all + inUse, 0),
      );
      keep(
        "hikaricp_connections_pending",
        pools.reduce((all, { waiting }) => all + waiting, 0),
      );
      keep(
        "tomcat_threads_busy",
        sum(({ workers }) => workers.inUse),
      );
    }
    if (language === "go")
      keep(
        "go_goroutines",
        sum(({ inFlight }) => 14 + inFlight * 3),
      );
    const most = SERVICES.find((one) => one.name === name)?.mostReplicas;
    if (most !== undefined) keep("max_replicas", most);
  }

  #served(name: string, rates: Rates | undefined): void {
    this.#keep(name, "requests_per_second", rates?.requests);
    this.#keep(name, "error_ratio", rates?.errorRatio);
    this.#keep(name, "latency_p50_seconds", rates?.quantile(0.5));
    this.#keep(name, "latency_p99_seconds", rates?.quantile(0.99));
  }

  /** The share of answers with a status from 400 to 499 since the last scrape. */
  #clientErrors(name: string, { meter }: Workload): number | undefined {
    const refused = this.#estate.world.refused.get(name) ?? 0;
    const [more, all] = [this.#grown(`${name} refused`, refused), this.#grown(`${name} requests`, meter.requests)];
    return all === 0 ? undefined : more / all;
  }

  #grown(key: string, value: number): number {
    const before = this.#before.get(key) ?? value;
    this.#before.set(key, value);
    return value - before;
  }

  #ofResources(): void {
    for (const resource of this.#estate.world.resources.values()) {
      if (!resource.traits.measured) continue;
      const rates = resource.meter.scrape(0, RATE_WINDOW_SECONDS);
      this.#keep(resource.name, "requests_per_second", rates?.requests);
      this.#keep(resource.name, "latency_p99_seconds", rates?.quantile(0.99));
      this.#keep(resource.name, "connections_active", resource.lanes.inUse);
    }
  }

  /** metrics.csv of a stretch of time, one sample in so many. */
  format(from: number, to: number, each: number): string {
    const rows = this.samples
      .filter(({ at }) => at >= from && at <= to && (at / 1000 / SCRAPE_SECONDS) % each === 0)
      .map(({ at, service, signal, value }) => `${new Date(at).toISOString()},${service},${signal},${shown(value)}\n`);
    return `timestamp,service,signal,value\n${rows.join("")}`;
  }
}

const shown = (value: number): string =>
  value >= 1000
    ? String(Math.round(value / 65_536) * 65_536 || Math.round(value))
    : String(Number(Number(value.toFixed(4)).toPrecision(3)));
