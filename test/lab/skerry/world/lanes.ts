import type { Clock } from "./clock.ts";

/** So many things at once, the others wait in line: threads, connections, places in a queue. */
export class Lanes {
  inUse = 0;
  readonly #waiting: { readonly take: () => void; dead: boolean }[] = [];
  readonly #clock: Clock;
  size: number;

  constructor(clock: Clock, size: number) {
    this.#clock = clock;
    this.size = size;
  }

  get waiting(): number {
    return this.#waiting.filter(({ dead }) => !dead).length;
  }

  /** Waits for a place, `patienceMs` at the most; `late` makes the error of who has waited too long. */
  async enter(patienceMs = Number.POSITIVE_INFINITY, late: () => Error = () => new Error("late")): Promise<void> {
    if (this.inUse < this.size) {
      this.inUse += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const entry = { take: resolve, dead: false };
      this.#waiting.push(entry);
      if (!Number.isFinite(patienceMs)) return;
      this.#clock.at(this.#clock.now + patienceMs, () => {
        if (entry.dead) return;
        entry.dead = true;
        reject(late());
      });
    });
  }

  leave(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.dead) continue;
      next.dead = true;
      next.take();
      return;
    }
    this.inUse -= 1;
  }
}

/** Cores that work off bursts one after the other; what is over the limit waits, as under a quota. */
export class Processor {
  usedSeconds = 0;
  /** Below 1 when somebody else takes part of the cores away. */
  speed = 1;
  readonly #free: number[];
  readonly #clock: Clock;
  readonly cores: number;

  constructor(clock: Clock, cores: number) {
    this.#clock = clock;
    this.cores = cores;
    this.#free = Array.from({ length: Math.max(1, Math.ceil(cores)) }, () => 0);
  }

  async work(ms: number): Promise<void> {
    const lane = this.#free.indexOf(Math.min(...this.#free));
    const start = Math.max(this.#clock.now, this.#free[lane] ?? 0);
    const share = this.cores / this.#free.length;
    const ends = start + ms / share / this.speed;
    this.#free[lane] = ends;
    this.usedSeconds += ms / 1000;
    await this.#clock.sleep(ends - this.#clock.now);
  }
}
