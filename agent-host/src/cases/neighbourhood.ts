import { type Catalog, walkDependencies } from "@oncall-copilot/core";

/**
 * Whether one fault could be behind alerts of both services: something that both are or depend on, within three hops. A symptom travels
 * from what fails to whatever calls it, so two services with nothing in common downstream have no common cause in the graph.
 */
export function couldShareCause(catalog: Catalog, one: string, other: string): boolean {
  const causes = possibleCauses(catalog, one);
  return [...possibleCauses(catalog, other)].some((name) => causes.has(name));
}

/** The service itself and what it depends on: everything whose fault it could show. */
export function possibleCauses(catalog: Catalog, service: string): ReadonlySet<string> {
  const entry = catalog.find(service);
  return new Set(entry ? walkDependencies(catalog, entry).map((step) => step.entry.name) : [service]);
}
