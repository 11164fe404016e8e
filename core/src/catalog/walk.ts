import type { Catalog } from "./catalog.ts";
import type { CatalogEntry } from "./contents.ts";

/** The longest walk: further away, everything depends on everything. */
export const MAX_HOPS = 3;

export interface WalkStep {
  readonly entry: CatalogEntry;
  /** 0 for the start, 1 for what it calls, and so on. */
  readonly hops: number;
  /** Names from the start to this entry, both included; one shortest path. */
  readonly path: readonly string[];
}

/** Breadth-first over what a service depends on, the start first; each entry once, by its shortest path. */
export function walkDependencies(catalog: Catalog, start: CatalogEntry, hops: number = MAX_HOPS): WalkStep[] {
  const steps: WalkStep[] = [{ entry: start, hops: 0, path: [start.name] }];
  const seen = new Set([start.name]);
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index];
    if (!step || step.hops >= Math.min(hops, MAX_HOPS)) continue;
    for (const name of step.entry.dependsOn) {
      const entry = seen.has(name) ? undefined : catalog.find(name);
      if (!entry) continue;
      seen.add(name);
      steps.push({ entry, hops: step.hops + 1, path: [...step.path, name] });
    }
  }
  return steps;
}
