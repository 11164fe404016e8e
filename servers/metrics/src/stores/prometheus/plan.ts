import type { Catalog } from "@oncall-copilot/core";
import { type Names, namesOf } from "./names.ts";
import { SCOPE_LABELS } from "./scope.ts";
import type { Source } from "./sources.ts";
import { fill, type Template } from "./template.ts";

/** One query to make. */
export interface Planned {
  readonly signal: string;
  readonly source: string;
  /** The service that it speaks of alone; undefined for one query about all of them. */
  readonly service?: string;
  readonly template: Template;
  readonly expression: string;
  /** The service that a row of the result speaks of, by its labels; undefined when it speaks of none that was asked about. */
  serviceOf(labels: Readonly<Record<string, string>>): string | undefined;
}

export interface Planning {
  readonly catalog: Catalog;
  readonly sources: readonly Source[];
  /** PromQL matchers that every query gets. */
  readonly matchers?: string | undefined;
  /** Services' own queries. Called when they are needed, since the catalog is read then. */
  overrides(): ReadonlyMap<string, Source>;
}

/**
 * One query a signal and source for all services, and one for each query that a service has of its own. In the order in which
 * they are believed: a service's own come first.
 */
export function plan(
  { catalog, sources, matchers, overrides }: Planning,
  services: readonly string[],
  signals: readonly string[] | undefined,
  rateSeconds: number,
): readonly Planned[] {
  const ownOf = overrides();
  const wanted = (signal: string) => signals === undefined || signals.includes(signal);
  const own = services.flatMap((service) =>
    [...(ownOf.get(service)?.signals ?? [])]
      .filter(([signal]) => wanted(signal))
      .map(([signal, template]): Planned => {
        const expression = fill(template, [], rateSeconds);
        return { signal, source: `annotation of ${service}`, service, template, expression, serviceOf: () => service };
      }),
  );
  const shared = sources.flatMap((source) =>
    [...source.signals].flatMap(([signal, template]): Planned[] => {
      const rest = services.filter((service) => ownOf.get(service)?.signals.has(signal) !== true);
      if (!wanted(signal) || rest.length === 0) return [];
      const names = namesOf(catalog, rest);
      const expression = fill(template, names.values, rateSeconds, { matchers, by: SCOPE_LABELS });
      return [{ signal, source: source.name, template, expression, serviceOf: byLabel(names, template.label) }];
    }),
  );
  return [...own, ...shared];
}

const byLabel =
  (names: Names, label: string): Planned["serviceOf"] =>
  (labels) => {
    const value = labels[label];
    return value === undefined ? undefined : names.serviceOf(label, value);
  };
