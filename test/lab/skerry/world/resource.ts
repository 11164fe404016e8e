import type { Random } from "../../random.ts";
import type { Clock } from "./clock.ts";
import { Failure } from "./failures.ts";
import { Lanes } from "./lanes.ts";
import { BUCKETS, Meter } from "./meter.ts";

export interface ResourceTraits {
  /** Median of one answer in ms, and its spread on a logarithmic scale. */
  readonly medianMs: number;
  readonly sigma: number;
  /** Answers worked on at once. */
  readonly lanes: number;
  /** Third parties have no series of their own. */
  readonly measured: boolean;
}

/** A database, a cache, a queue's broker or a provider: it answers in its time, and refuses or hangs when told to. */
export class Resource {
  readonly name: string;
  readonly meter = new Meter(BUCKETS.otel);
  readonly traits: ResourceTraits;
  /** What is the matter with it: asked at each call. */
  trouble: (caller: string, what: string) => Trouble | undefined = () => undefined;
  slowness = 1;
  readonly lanes: Lanes;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random, name: string, traits: ResourceTraits) {
    this.name = name;
    this.traits = traits;
    this.lanes = new Lanes(clock, traits.lanes);
    this.#clock = clock;
    this.#random = random;
  }

  /** `weight` is how much more than usual is asked for. */
  async ask(caller: string, what: string, weight = 1): Promise<void> {
    const began = this.#clock.now;
    const trouble = this.trouble(caller, what);
    await this.lanes.enter();
    try {
      const median = this.traits.medianMs * weight * this.slowness;
      await this.#clock.sleep(trouble?.afterMs ?? this.#random.lognormal(median, this.traits.sigma));
      if (trouble?.reason !== undefined) throw new Failure(trouble.status ?? 503, trouble.reason, this.name);
    } finally {
      this.lanes.leave();
      this.meter.observe((this.#clock.now - began) / 1000, trouble?.reason !== undefined);
    }
  }
}

export interface Trouble {
  readonly afterMs?: number;
  readonly status?: number;
  /** None: it only takes longer. */
  readonly reason?: string;
}
