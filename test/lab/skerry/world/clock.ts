interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Lets everything that waits on promises alone run to where it waits for time. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A virtual clock: time passes from one event to the next, in epoch milliseconds, and nothing waits for real. */
export class Clock {
  now: number;
  #order = 0;
  readonly #heap: Timer[] = [];

  constructor(begins: number) {
    this.now = begins;
  }

  at(moment: number, run: () => void): void {
    this.#order += 1;
    push(this.#heap, { at: Math.max(moment, this.now), order: this.#order, run });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + ms, resolve));
  }

  /** What takes longer than `ms` fails with what `late` makes; it goes on all the same, as a callee does. */
  within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      let open = true;
      this.at(this.now + ms, () => {
        if (open) reject(late());
      });
      const settle =
        <A>(pass: (value: A) => void) =>
        (value: A): void => {
          open = false;
          pass(value);
        };
      work.then(settle(resolve), settle(reject));
    });
  }

  /** Plays events in their order until a moment, or until `done` says so. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    await settled();
    while (!done()) {
      const [next] = this.#heap;
      if (next === undefined || next.at > until) break;
      pop(this.#heap);
      this.now = next.at;
      next.run();
      await settled();
    }
    this.now = Math.max(this.now, Math.min(until, this.now));
  }
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  heap.push(timer);
  let index = heap.length - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !before(timer, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    const child = b !== undefined && a !== undefined && before(b, a) ? left + 1 : left;
    const below = heap[child];
    if (below === undefined || !before(below, last)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}
