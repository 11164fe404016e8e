import { type Cluster, clusterShapes } from "./cluster.ts";
import { type Shape, shapeOf } from "./signature.ts";

/** A pattern: what its messages share, and the ids that `add` gave them. */
export interface Template {
  /** The smallest of its ids. */
  readonly id: number;
  /** `<*>` where messages differ. */
  readonly template: string;
  /** The ids that its messages are counted under now. */
  readonly ids: readonly number[];
}

export interface MinerOptions {
  /** Most shapes held apart at a time. Default 5,000. */
  readonly maxShapes?: number;
  /** Told when one id's messages are from now on another's, so that what is counted by id can follow. */
  readonly onMerge?: (from: number, into: number) => void;
}

/**
 * Mines patterns from messages, in one pass and bounded memory.
 *
 * A message is reduced to its shape; equal shapes are one at once, so that a million lines become a few hundred shapes.
 * Shapes are then clustered all together, which does not depend on the order of the lines as an online tree does.
 * When too many shapes have come, they are clustered in between and held as their templates. When even those are too
 * many, further shapes are counted together, and `overflow` says how many messages that are.
 */
export interface Miner {
  /** Takes a message; gives the id that it is counted under until that is merged into another. */
  add(message: string): number;
  /** The id that an id's messages are counted under now. */
  resolve(id: number): number;
  /** The patterns so far, in the order of their first messages. */
  templates(): Template[];
  /** Messages that are counted together because there was no room to tell them apart. */
  readonly overflow: number;
}

const MAX_SHAPES = 5_000;
/** What the messages beyond the limit are shown as. */
export const OVERFLOW_TEMPLATE = "(messages of more kinds than are held apart)";

export function createMiner(options: MinerOptions = {}): Miner {
  return new ShapeMiner(options.maxShapes ?? MAX_SHAPES, options.onMerge ?? (() => {}));
}

interface Held {
  readonly id: number;
  readonly shape: Shape;
}

class ShapeMiner implements Miner {
  readonly #maxShapes: number;
  readonly #onMerge: (from: number, into: number) => void;
  #ids = new Map<string, number>();
  #held: Held[] = [];
  /** By id, the id it was merged into, or itself: four bytes for each shape there ever was. */
  readonly #parent: number[] = [];
  #full = false;
  #overflowId = -1;
  #overflow = 0;

  constructor(maxShapes: number, onMerge: (from: number, into: number) => void) {
    this.#maxShapes = maxShapes;
    this.#onMerge = onMerge;
  }

  get overflow(): number {
    return this.#overflow;
  }

  add(message: string): number {
    const shape = shapeOf(message);
    const key = keyOf(shape);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#held.length >= this.#maxShapes) this.#makeRoom();
    if (this.#full) {
      this.#overflow++;
      if (this.#overflowId < 0) this.#overflowId = this.#newId();
      return this.#overflowId;
    }
    const id = this.#newId();
    this.#ids.set(key, id);
    this.#held.push({ id, shape });
    return id;
  }

  resolve(id: number): number {
    let root = id;
    while (this.#parent[root] !== undefined && this.#parent[root] !== root) root = this.#parent[root] ?? root;
    return root;
  }

  templates(): Template[] {
    const templates = this.#clusters().map(({ members, template }) => {
      const ids = members.flatMap((member) => this.#held[member]?.id ?? []);
      return { id: Math.min(...ids), template, ids };
    });
    if (this.#overflowId < 0) return templates;
    return [...templates, { id: this.#overflowId, template: OVERFLOW_TEMPLATE, ids: [this.#overflowId] }];
  }

  #newId(): number {
    const id = this.#parent.length;
    this.#parent.push(id);
    return id;
  }

  #clusters(): Cluster[] {
    return clusterShapes(this.#held.map(({ shape }) => shape));
  }

  /** Holds each cluster as one shape. If that frees less than half of the room, there is no more. */
  #makeRoom(): void {
    const held: Held[] = [];
    const ids = new Map<string, number>();
    for (const { members, template, skeleton, trace } of this.#clusters()) {
      const first = this.#held[members[0] ?? -1];
      if (first === undefined) continue;
      for (const member of members.slice(1)) {
        const id = this.#held[member]?.id ?? first.id;
        this.#parent[id] = first.id;
        this.#onMerge(id, first.id);
      }
      const shape: Shape = members.length === 1 ? first.shape : { text: template, trace, skeleton };
      held.push({ id: first.id, shape });
      ids.set(keyOf(shape), first.id);
    }
    this.#held = held;
    this.#ids = ids;
    this.#full = held.length > this.#maxShapes / 2;
  }
}

const keyOf = ({ text, trace }: Shape): string => (trace === "" ? text : `${text}\n${trace}`);
