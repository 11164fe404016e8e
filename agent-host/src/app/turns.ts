import pLimit, { type LimitFunction } from "p-limit";

/** More work is waiting than can be taken on. The sender should deliver again later. */
export class Busy extends Error {
  override readonly name = "Busy";
  constructor(waiting: number) {
    super(`${waiting} triages are waiting already; deliver again later, or raise ONCALL_MAX_WAITING`);
  }
}

export interface TurnLimits {
  /** Triages at once. */
  readonly most: number;
  /** Triages that may wait for their turn. */
  readonly waiting: number;
}

/** Whoever triages takes a turn: a bound on triages at once, in the order they came, and a bound on those that wait. */
export class Turns {
  readonly #limit: LimitFunction;
  readonly #limits: TurnLimits;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
    this.#limit = pLimit(limits.most);
  }

  get running(): number {
    return this.#limit.activeCount;
  }

  get waiting(): number {
    return this.#limit.pendingCount;
  }

  /** Does the work when its turn has come. `told` hears how many are before it, when there are any. @throws Busy */
  async take<T>(work: () => Promise<T>, signal: AbortSignal, told: (ahead: number) => void = () => {}): Promise<T> {
    const { running, waiting } = this;
    if (running >= this.#limits.most) {
      if (waiting >= this.#limits.waiting) throw new Busy(waiting);
      told(running + waiting);
    }
    return this.#limit(() => {
      signal.throwIfAborted();
      return work();
    });
  }
}
