import { type Catalog, type Gap, walkDependencies } from "@oncall-copilot/core";

/** Edges that are lost on the way down from the alert's service: what lies behind them was not looked at. */
export function catalogGaps(catalog: Catalog, service: string | null): Gap[] {
  const start = service === null ? undefined : catalog.find(service);
  if (!start) return [];
  const reached = walkDependencies(catalog, start).map(({ entry }) => entry.name);
  return catalog.lostEdges(reached).map(({ from, message }) => ({
    server: "catalog",
    tool: null,
    what: `what ${from} depends on`,
    why: message,
  }));
}
