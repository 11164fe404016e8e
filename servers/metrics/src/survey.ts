import type { Catalog, CatalogEntry } from "@oncall-copilot/core";
import { MAX_HOPS, walkDependencies } from "@oncall-copilot/core";
import { NOTABLE } from "./answer/notable.ts";
import type { SignalChange } from "./change/signal-change.ts";
import { type Asked, type Measurements, measure } from "./measure.ts";
import { rankSuspects, type Suspect } from "./ranking/rank.ts";
import type { MetricsStore } from "./store.ts";
import { above, type Caller } from "./walk/callers.ts";
import { below, type Node } from "./walk/further.ts";

export interface Surveyed {
  /** The service asked about and what it depends on, as far as was looked. */
  readonly walk: readonly Node[];
  readonly callers: readonly Caller[];
  readonly measured: Measurements;
  /** Every service of the walk, most suspect first. */
  readonly ranked: readonly Suspect[];
  /** A suspect at the edge of the walk: what it depends on was not looked at. */
  readonly edge: string | undefined;
}

export interface SurveyParts {
  readonly store: MetricsStore;
  readonly catalog: Catalog;
  /** Milliseconds, for the bound on how long a trail is followed. */
  readonly clock: () => number;
}

export interface Wish {
  readonly start: CatalogEntry;
  readonly hops: number;
  /** Other services that alerted with it. */
  readonly group: readonly string[];
  /** Callers and group are looked at, and the trail is followed to its end. */
  readonly isWhole: boolean;
  readonly asked: Omit<Asked, "services">;
}

/** The trail is followed this often beyond the walk's edge, and not when so much time has passed. */
const MAX_FURTHER_ROUNDS = 3;
const MAX_FURTHER_MS = 6_000;
const MAX_SERVICES = 60;
/** A suspect that stands at the edge with this share of the leader's score may be the trail too. */
const NEAR_LEADER = 0.8;
const MAX_NEIGHBOURS = 6;

/** Measures a service, what it depends on and who calls it; goes on below where the leader stands at the edge. Throws CouldNotLook. */
export async function survey({ store, catalog, clock }: SurveyParts, wish: Wish): Promise<Surveyed> {
  const { start, hops, isWhole, asked } = wish;
  const began = clock();
  let walk: readonly Node[] = walkDependencies(catalog, start, hops);
  const walked = () => new Set(walk.map(({ entry }) => entry.name));
  const callers = isWhole && hops > 0 ? above(catalog, start.name, walked(), wish.group) : [];
  const services = [...walk.map(({ entry }) => entry.name), ...callers.map(({ name }) => name)];
  const neighbours = services.length > 1 ? [] : neighboursOf(catalog, start);
  let measured = await measure(store, { ...asked, services, neighbours });
  let ranked = rank(walk, measured);
  const canFollow = isWhole && hops >= MAX_HOPS;
  for (let round = 0; canFollow && round < MAX_FURTHER_ROUNDS; round++) {
    const further = below(catalog, atTheEdge(catalog, walk, ranked), walked(), MAX_SERVICES - walk.length);
    if (further.length === 0 || clock() - began > MAX_FURTHER_MS) break;
    const more = await measure(store, { ...asked, services: further.map(({ entry }) => entry.name) });
    walk = [...walk, ...further];
    measured = together(measured, more);
    ranked = rank(walk, measured);
  }
  const [edge] = atTheEdge(catalog, walk, ranked);
  return { walk, callers, measured, ranked, edge: edge?.entry.name };
}

const rank = (walk: readonly Node[], { changes, periods }: Measurements): Suspect[] =>
  rankSuspects(
    walk.map(({ entry, hops }) => ({ name: entry.name, hops, dependsOn: entry.dependsOn })),
    changes,
    periods.from,
  );

/** The leader, and who comes near it, where something that they depend on was not looked at. */
function atTheEdge(catalog: Catalog, walk: readonly Node[], ranked: readonly Suspect[]): Node[] {
  const walked = new Set(walk.map(({ entry }) => entry.name));
  const least = Math.max(NOTABLE, NEAR_LEADER * (ranked[0]?.score ?? 0));
  const leaders = new Set(ranked.filter(({ score }) => score >= least).map(({ name }) => name));
  return walk.filter(
    ({ entry }) =>
      leaders.has(entry.name) && entry.dependsOn.some((name) => !walked.has(name) && catalog.find(name) !== undefined),
  );
}

/** Who tells whether a silence is the service's own: who calls it, and what it calls. */
function neighboursOf(catalog: Catalog, { name, dependsOn }: CatalogEntry): string[] {
  const calling = catalog.entries().flatMap((entry) => (entry.dependsOn.includes(name) ? [entry.name] : []));
  return [...new Set([...calling, ...dependsOn])].filter((one) => catalog.find(one)).slice(0, MAX_NEIGHBOURS);
}

function together(first: Measurements, more: Measurements): Measurements {
  const changes: readonly SignalChange[] = [...first.changes, ...more.changes];
  return {
    ...first,
    changes,
    gaps: [...new Set([...first.gaps, ...more.gaps])],
    unread: [...first.unread, ...more.unread],
    failure: first.failure ?? more.failure,
  };
}
