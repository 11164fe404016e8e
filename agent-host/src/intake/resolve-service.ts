import type { Catalog, Incident } from "@oncall-copilot/core";

/**
 * The catalog name an alert is about: the service it names, else a label's value that is a catalog name, else the longest
 * catalog name inside the alert's own name (`petsite-latency-high`). Null when nothing fits.
 */
export function resolveService(incident: Incident, catalog: Catalog): string | null {
  const named = incident.service === null ? undefined : catalog.find(incident.service);
  if (named) return named.name;
  const byLabel = Object.values(incident.labels).flatMap((value) => catalog.find(value)?.name ?? []);
  if (byLabel[0] !== undefined) return byLabel[0];
  const words = (text: string) =>
    `-${text
      .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")}-`;
  const inName = catalog.names
    .filter((name) => words(incident.alert).includes(words(name)))
    .sort((a, b) => b.length - a.length);
  return inName[0] ?? null;
}
