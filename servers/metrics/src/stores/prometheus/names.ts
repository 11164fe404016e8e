import type { Catalog } from "@oncall-copilot/core";
import { namesIn } from "./promql.ts";

/** `oncall/prometheus-service`: what a service is called in Prometheus' labels, in place of all its other names. */
export const SERVICE_ANNOTATION = "oncall/prometheus-service";
const ALIASES = ["backstage.io/kubernetes-id", "oncall/service-name"] as const;

/** Which label values speak of which service. */
export interface Names {
  /** The values to ask for, of all the services. */
  readonly values: readonly string[];
  /** The service that a label's value speaks of. */
  serviceOf(label: string, value: string): string | undefined;
}

/** A service goes by its annotation; else by its catalog name and those that Kubernetes and other systems know it by. */
export function namesOf(catalog: Catalog, services: readonly string[]): Names {
  const byValue = new Map<string, string>();
  const entries = services.map((name) => ({ name, annotations: catalog.find(name)?.annotations ?? {} }));
  const claim = (value: string | undefined, name: string) => {
    if (value && !byValue.has(value)) byValue.set(value, name);
  };
  // Before the aliases: what one service is called elsewhere may be another one's name.
  for (const { name, annotations } of entries) claim(annotations[SERVICE_ANNOTATION] || name, name);
  for (const { name, annotations } of entries) {
    if (annotations[SERVICE_ANNOTATION]) continue;
    for (const alias of ALIASES) claim(annotations[alias], name);
  }
  return {
    values: [...byValue.keys()],
    serviceOf: (label, value) => namesIn(label, value).flatMap((name) => byValue.get(name) ?? [])[0],
  };
}
