import type { Window } from "@oncall-copilot/core";
import type { Coverage } from "../store.ts";

/** How finely it is looked, in milliseconds. */
export const SLOT_MS = 10_000;
/** The shortest silence that can be a hole, and how long the log must run unbroken next to it. */
const HOLE_MS = 60_000;
/** Most slots that are remembered: 48 h and more. */
const MAX_SLOTS = 20_000;

/**
 * Which parts of a stretch the log holds anything for. A log without lines is either a quiet estate or a log that was
 * not kept, and only the second takes time away from a comparison. So a silence of all services counts as a hole only
 * when it lasts a minute and the log ran without a ten-second break for a minute both before and after it, or at the
 * end of the stretch, before it for as long as the silence lasts. A log of scattered lines has no holes, and neither
 * has a quiet one in which something begins to fail; both only have a beginning.
 */
export class CoverageMeter {
  readonly #from: number;
  readonly #to: number;
  readonly #slots: Uint8Array;
  #earliest = Number.POSITIVE_INFINITY;

  /** `from` and `to` in epoch milliseconds, at most some 55 hours apart. */
  constructor({ from, to }: Window) {
    this.#from = from;
    this.#to = to;
    this.#slots = new Uint8Array(Math.min(MAX_SLOTS, Math.ceil((to - from) / SLOT_MS)));
  }

  saw(at: number): void {
    if (at < this.#earliest) this.#earliest = at;
    const slot = Math.floor((at - this.#from) / SLOT_MS);
    if (slot >= 0 && slot < this.#slots.length) this.#slots[slot] = 1;
  }

  /** The moment the log begins, or undefined when it has no line at all. */
  get beginning(): number | undefined {
    return Number.isFinite(this.#earliest) ? this.#earliest : undefined;
  }

  of(stretch: Window): Coverage {
    const holes = this.#holes()
      .map(({ from, to }) => ({ from: Math.max(from, stretch.from), to: Math.min(to, stretch.to) }))
      .filter(({ from, to }) => to > from);
    const missing = holes.reduce((sum, { from, to }) => sum + (to - from), 0);
    return { covered: stretch.to - stretch.from - missing, holes };
  }

  #holes(): Window[] {
    if (this.#earliest >= this.#to) return [{ from: this.#from, to: this.#to }];
    const holes: Window[] = [];
    const begins = Math.max(this.#from, this.#earliest);
    if (begins > this.#from) holes.push({ from: this.#from, to: begins });
    const least = HOLE_MS / SLOT_MS;
    let slot = Math.floor((begins - this.#from) / SLOT_MS);
    let unbroken = 0;
    while (slot < this.#slots.length) {
      if (this.#slots[slot] === 1) {
        unbroken++;
        slot++;
        continue;
      }
      let end = slot;
      while (end < this.#slots.length && this.#slots[end] === 0) end++;
      const silence = end - slot;
      const stopped =
        end === this.#slots.length ? unbroken >= silence : Math.min(unbroken, this.#unbrokenFrom(end)) >= least;
      if (silence >= least && stopped) {
        holes.push({ from: this.#from + slot * SLOT_MS, to: Math.min(this.#to, this.#from + end * SLOT_MS) });
      }
      unbroken = 0;
      slot = end;
    }
    return holes;
  }

  #unbrokenFrom(slot: number): number {
    let end = slot;
    while (end < this.#slots.length && this.#slots[end] === 1) end++;
    return end - slot;
  }
}
