import type { Catalog } from "@oncall-copilot/core";
import type { Labels } from "./query-range.ts";

/** Labels that tell one environment's service from another's of the same name, where a store holds several environments. */
export const SCOPE_LABELS = ["cluster", "namespace", "env", "environment"] as const;

/** `cluster=eu-1,namespace=prod`: where a service's series are, in place of its Kubernetes namespace. */
export const SCOPE_ANNOTATION = "oncall/prometheus-scope";
const NAMESPACE_ANNOTATION = "backstage.io/kubernetes-namespace";

/** Label values that a row must have, as far as it has the label. */
export type Scope = Readonly<Record<string, string>>;

/** What the catalog says of where a service's series are. */
export function scopeOf(catalog: Catalog, service: string): Scope {
  const annotations = catalog.find(service)?.annotations ?? {};
  const written = annotations[SCOPE_ANNOTATION];
  const namespace = annotations[NAMESPACE_ANNOTATION];
  if (written === undefined) return namespace ? { namespace } : {};
  const pairs = written.split(",").map((pair) => pair.split("=").map((part) => part.trim()));
  return Object.fromEntries(pairs.flatMap(([label, value]) => (label && value ? [[label, value]] : [])));
}

/** A row's own scope: `cluster=eu-1, namespace=prod`; empty where it has none of the labels. */
export const scopeIn = (labels: Labels): string =>
  SCOPE_LABELS.flatMap((label) => (labels[label] ? [`${label}=${labels[label]}`] : [])).join(", ");

export const isIn = (labels: Labels, scope: Scope): boolean =>
  Object.entries(scope).every(([label, value]) => labels[label] === undefined || labels[label] === value);

/** How a service's rows lie in the store. */
export interface Placed {
  /** The scope whose rows are told. */
  readonly told: string;
  /** Others that answer to the same name, and are left aside. */
  readonly others: readonly string[];
}

/**
 * The one scope of a service that is told: rows of several environments must never be added up. Where the catalog does not say which, it is the
 * one with the most samples, and the others are named.
 */
export function placeOf(rows: readonly { readonly labels: Labels; readonly samples: number }[]): Placed {
  const samples = new Map<string, number>();
  for (const row of rows) {
    const scope = scopeIn(row.labels);
    samples.set(scope, (samples.get(scope) ?? 0) + row.samples);
  }
  // Rows without any of the labels (another exporter's) go with every scope.
  samples.delete("");
  const [told = "", ...others] = [...samples]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([scope]) => scope);
  return { told, others: others.filter((other) => !agree(told, other)) };
}

/** Two scopes agree where no label that both have differs: an exporter that knows the cluster alone speaks of its namespaces too. */
export function agree(a: string, b: string): boolean {
  const read = (text: string) => new Map(text.split(", ").map((pair) => pair.split("=") as [string, string]));
  const [one, other] = [read(a), read(b)];
  return [...one].every(([label, value]) => (other.get(label) ?? value) === value);
}
