import type { Catalog, Incident } from "@oncall-copilot/core";

export interface ResolvedService {
  /** The catalog name, or null when nothing fits. */
  readonly service: string | null;
  /** How it was found, when the alert does not name it itself: the reader must be able to doubt it. */
  readonly note: string | null;
}

/**
 * The catalog name an alert is about: the service it names, else a label's value that is a catalog name, else the longest
 * catalog name inside the alert's own name (`petsite-latency-high`).
 */
export function resolveService(incident: Incident, catalog: Catalog): ResolvedService {
  const named = incident.service === null ? undefined : catalog.find(incident.service);
  if (named) return { service: named.name, note: null };
  const says =
    incident.service === null
      ? "the alert names no service"
      : `the alert names the service "${incident.service}", which is not in the catalog`;
  const [label] = Object.entries(incident.labels).filter(([, value]) => catalog.find(value));
  if (label) {
    const [name, value] = label;
    return {
      service: catalog.get(value).name,
      note: `${says}; ${catalog.get(value).name} was taken from its label ${name}`,
    };
  }
  const words = (text: string) =>
    `-${text
      .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")}-`;
  const [inName] = catalog.names
    .filter((name) => words(incident.alert).includes(words(name)))
    .sort((a, b) => b.length - a.length);
  if (inName) return { service: inName, note: `${says}; ${inName} was taken from the alert's own name` };
  return { service: null, note: `${says}, and nothing else in it is a name of the catalog: no tool can look` };
}
