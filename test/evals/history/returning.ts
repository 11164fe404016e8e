import { causeOf, type Incident, knownAt } from "./incidents.ts";

/** Those whose root cause was known from an earlier incident when they began: the ones history can help with. Oldest first. */
export function returning(incidents: readonly Incident[]): Incident[] {
  const firstKnown = new Map<string, number>();
  for (const incident of incidents) {
    const cause = causeOf(incident);
    if (cause === null || incident.resolved_at === null) continue;
    firstKnown.set(cause, Math.min(firstKnown.get(cause) ?? Number.POSITIVE_INFINITY, incident.resolved_at));
  }
  return incidents.filter((incident) => {
    const cause = causeOf(incident);
    return cause !== null && (firstKnown.get(cause) ?? Number.POSITIVE_INFINITY) < incident.started_at;
  });
}

/** `most` of the items at the most, evenly spread from the first to the last. */
export function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  const step = items.length / most;
  return Array.from({ length: most }, (_, index) => items[Math.floor(index * step)]).filter(
    (item) => item !== undefined,
  );
}

/** The bar: the last incidents of the same alert and service that were over when this one began, most recent first. */
export function lastOfItsKind(incidents: readonly Incident[], { alert, service, started_at }: Incident, most: number) {
  return knownAt(incidents, started_at)
    .filter((past) => past.alert === alert && past.service === service && past.started_at < started_at)
    .sort((a, b) => b.started_at - a.started_at)
    .slice(0, most);
}
