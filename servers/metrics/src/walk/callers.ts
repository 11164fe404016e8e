import type { Catalog } from "@oncall-copilot/core";

/** A service beside the walk: one that calls the service asked about, or alerted with it. */
export interface Caller {
  readonly name: string;
  readonly relation: "caller" | "group";
}

/** Callers of callers are looked at, since a gateway often stands in front of them; more would be the whole estate. */
const LEVELS = 2;
const MAX_BESIDE = 10;

/** Who calls a service, nearest first, and the services of its alert's group; without what was walked. */
export function above(
  catalog: Catalog,
  start: string,
  walked: ReadonlySet<string>,
  group: readonly string[],
): readonly Caller[] {
  const seen = new Set(walked);
  const found: Caller[] = [];
  const take = (name: string, relation: Caller["relation"]) => {
    if (seen.has(name) || found.length >= MAX_BESIDE) return;
    seen.add(name);
    found.push({ name, relation });
  };
  for (const name of group) take(catalog.get(name).name, "group");
  let layer = [start];
  for (let level = 0; level < LEVELS; level++) {
    const calling = catalog
      .entries()
      .filter(({ kind, dependsOn }) => kind === "service" && dependsOn.some((name) => layer.includes(name)))
      .map(({ name }) => name);
    for (const name of calling) take(name, "caller");
    layer = calling;
  }
  return found;
}
