import { type Catalog, type Gap, type MissingEdge, walkDependencies } from "@oncall-copilot/core";

/** Edges that are lost on the way down from the alert's service: what lies behind them was not looked at. */
export function catalogGaps(catalog: Catalog, service: string | null): Gap[] {
  const start = service === null ? undefined : catalog.find(service);
  if (!start) return [];
  const reached = walkDependencies(catalog, start).map(({ entry }) => entry.name);
  const lost = catalog
    .lostEdges(reached)
    .map(({ from, message }) => gap("lost_edge", [from], `what ${from} depends on`, message));
  const { stale } = catalog;
  return stale === undefined ? lost : [gap("partial", [], "what the catalog says now", stale), ...lost];
}

/** An edge that logs tell of and the catalog lacks, with what to write there. */
export const missingEdgeGap = ({ from, to }: MissingEdge, catalog: Catalog): Gap =>
  gap(
    "missing_edge",
    [from],
    `the edge from ${from} to ${to}`,
    `${from}'s log names ${to}, and nothing in the catalog leads there; add ${catalog.find(to)?.id ?? to} to spec.dependsOn of ${from}`,
  );

const gap = (code: Gap["code"], about: string[], what: string, why: string): Gap => ({
  ...{ server: "catalog", tool: null, code },
  ...{ about, what, why },
});

/**
 * Whose dependencies are not all known, of the culprit and those between it and the alerting service: what lies behind a reference
 * that leads nowhere may be the real cause.
 */
export function blindSpots(catalog: Catalog, service: string | null, culprit: string): string[] {
  const start = catalog.find(service ?? culprit);
  const accused = catalog.find(culprit);
  if (!start || !accused) return [];
  const leads = ({ entry }: { entry: typeof accused }) =>
    walkDependencies(catalog, entry).some((step) => step.entry === accused);
  const between = [{ entry: accused }, ...walkDependencies(catalog, start)]
    .filter(leads)
    .map(({ entry }) => entry.name);
  return [...new Set(catalog.lostEdges(between).map(({ from }) => from))];
}
