import type { Catalog, CatalogEntry } from "@oncall-copilot/core";

export interface Node {
  readonly entry: CatalogEntry;
  /** 0 for the service asked about. */
  readonly hops: number;
}

/** How many hops further a trail is followed at once. */
const HOPS_AT_ONCE = 2;
const MAX_AT_ONCE = 16;

/** What some nodes depend on that was not walked yet, nearest first, at most so many. */
export function below(
  catalog: Catalog,
  edge: readonly Node[],
  walked: ReadonlySet<string>,
  most: number,
): readonly Node[] {
  const seen = new Set(walked);
  const found: Node[] = [];
  let layer = edge;
  for (let hop = 0; hop < HOPS_AT_ONCE; hop++) {
    const next: Node[] = [];
    for (const { entry, hops } of layer) {
      for (const name of entry.dependsOn) {
        const called = seen.has(name) ? undefined : catalog.find(name);
        if (!called || found.length + next.length >= Math.min(most, MAX_AT_ONCE)) continue;
        seen.add(name);
        next.push({ entry: called, hops: hops + 1 });
      }
    }
    found.push(...next);
    layer = next;
  }
  return found;
}
