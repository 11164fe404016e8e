import type { Catalog } from "@oncall-copilot/core";
import type { Formula } from "./formula.ts";
import { keyOf, type Metric } from "./metric.ts";
import type { OwnFormula } from "./own-signals.ts";
import type { Resource } from "./resources.ts";

/** One signal of one service, and the metrics that it is reckoned from. */
export interface Planned {
  readonly service: string;
  readonly signal: string;
  readonly formula: Formula;
  /** In the order of the formula's inputs. */
  readonly metrics: readonly Metric[];
}

export interface Plan {
  /** In the order in which they are believed: a team's own signals, then the resources as an entry names them. */
  readonly planned: readonly Planned[];
  /** Each metric once, by its key, however many signals need it. */
  readonly metrics: ReadonlyMap<string, Metric>;
  /** Services whose resources lie in another region, with that region. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Whether anything at all speaks of these services, whatever signals were asked for. */
  readonly isEmpty: boolean;
}

export interface Planning {
  readonly catalog: Catalog;
  readonly region: string;
  readonly own: readonly OwnFormula[];
  /** The resources of every service that has some. Called when they are needed, since the catalog is read then. */
  resources(): ReadonlyMap<string, readonly Resource[]>;
}

export function planOf(
  { catalog, region, own, resources }: Planning,
  services: readonly string[],
  signals: readonly string[] | undefined,
): Plan {
  const known = resources();
  const elsewhere = new Map<string, string>();
  const all = services.flatMap((service): Planned[] => {
    const entry = catalog.find(service);
    const published = entry
      ? own.map(({ signal, namespace, formula, dimensionsOf }) =>
          plannedOf(service, signal, formula, namespace, dimensionsOf(entry)),
        )
      : [];
    const vended = (known.get(service) ?? []).flatMap(({ kind, dimensions, region: its }) => {
      if (its !== undefined && its !== region) {
        elsewhere.set(service, its);
        return [];
      }
      const formulas = Object.entries(kind.signals(dimensions));
      return formulas.map(([signal, formula]) => plannedOf(service, signal, formula, kind.namespace, dimensions));
    });
    return [...published, ...vended];
  });
  const planned = all.filter(({ signal }) => signals === undefined || signals.includes(signal));
  const metrics = new Map(planned.flatMap((one) => one.metrics.map((metric) => [keyOf(metric), metric] as const)));
  return { planned, metrics, elsewhere, isEmpty: all.length === 0 && elsewhere.size === 0 };
}

const plannedOf = (
  service: string,
  signal: string,
  formula: Formula,
  namespace: string,
  dimensions: Metric["dimensions"],
): Planned => ({
  ...{ service, signal, formula },
  metrics: formula.inputs.map(({ metric, stat, dimensions: more }) => ({
    ...{ namespace, stat, name: metric, dimensions: { ...dimensions, ...more } },
  })),
});
