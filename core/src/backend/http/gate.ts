/** Lets so many in at a time; the others wait their turn, first come first served. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /** Runs `work` when its turn comes; rejects with the signal's reason when that aborts before. */
  async run<T>(abort: AbortSignal, work: () => Promise<T>): Promise<T> {
    abort.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(abort);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #turn(abort: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        abort.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(abort.reason);
      };
      abort.addEventListener("abort", leave, { once: true });
      this.#waiting.push(enter);
    });
  }
}
