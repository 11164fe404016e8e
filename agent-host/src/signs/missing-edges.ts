import {
  type Catalog,
  type Evidence,
  type MissingEdge,
  messageOf,
  readMarks,
  walkDependencies,
} from "@oncall-copilot/core";
import { namedIn } from "./blame.ts";

/** Most edges that are proposed at once: of more, the log speaks of everything. */
const MAX_EDGES = 6;

/**
 * Dependencies that new trouble in a service's log tells of and the catalog does not have. Only whom the line names first counts: what it
 * passes on is another's. Whoever is named and calls the service itself is no dependency; and a mere name, which may be a plain word,
 * counts when its bearer is in trouble too.
 */
export function missingEdges(catalog: Catalog, evidence: Iterable<Evidence>): MissingEdge[] {
  const items = [...evidence];
  const found = new Map<string, MissingEdge>();
  const below = (name: string) => catalog.find(name)?.dependsOn ?? [];
  let troubled: ReadonlySet<string> | undefined;
  for (const { id, about, text, shows } of items) {
    for (const { shows: what, whose, peers = [] } of readMarks(shows)) {
      const from = whose ?? about[0];
      if (what !== "failing" || from === undefined) continue;
      const unlinked = peers.filter((name) => isUnlinked(catalog, from, name));
      if (unlinked.length === 0) continue;
      const named = namedIn(messageOf({ text }), [...below(from), ...unlinked], below);
      if (!named || !unlinked.includes(named.name)) continue;
      troubled ??= inTrouble(items);
      if (named.says === "named" && !troubled.has(named.name)) continue;
      const edge = { from, to: named.name, evidence_id: id };
      if (!found.has(`${from}\n${edge.to}`)) found.set(`${from}\n${edge.to}`, edge);
    }
  }
  return [...found.values()].slice(0, MAX_EDGES);
}

/** A function that gives the catalog with the edges that the evidence so far tells of. */
export function catalogAsSeen(catalog: Catalog, evidence: ReadonlyMap<string, Evidence>): () => Catalog {
  let seen = { size: -1, catalog };
  return () => {
    if (seen.size !== evidence.size) {
      const edges = missingEdges(catalog, evidence.values());
      seen = { size: evidence.size, catalog: edges.length === 0 ? catalog : catalog.withEdges(edges) };
    }
    return seen.catalog;
  };
}

function isUnlinked(catalog: Catalog, from: string, to: string): boolean {
  const [caller, callee] = [catalog.find(from), catalog.find(to)];
  if (!caller || !callee || caller === callee || caller.dependsOn.includes(to)) return false;
  return !walkDependencies(catalog, callee).some(({ entry }) => entry === caller);
}

/** Who shows trouble of its own in anything that was seen. */
function inTrouble(items: readonly Evidence[]): ReadonlySet<string> {
  return new Set(
    items.flatMap(({ about, shows }) =>
      readMarks(shows).flatMap(({ shows: what, whose, better, load }) =>
        what === "failing" || (what === "unusual" && !better && !load) ? (whose ?? about[0] ?? []) : [],
      ),
    ),
  );
}
