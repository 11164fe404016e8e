import type { Shape } from "./signature.ts";

/** Shapes that are one pattern: indices into what was given, the first of them first. */
export interface Cluster {
  readonly members: readonly number[];
  readonly template: string;
}

export function clusterShapes(shapes: readonly Shape[]): Cluster[] {
  return shapes.map((shape, index) => ({ members: [index], template: shape.text }));
}
