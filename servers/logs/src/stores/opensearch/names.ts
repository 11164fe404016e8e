import type { Catalog } from "@oncall-copilot/core";

/** `oncall/logs-service`: what a service is called in its log lines, in place of all its other names. */
export const SERVICE_ANNOTATION = "oncall/logs-service";
const ALIASES = ["backstage.io/kubernetes-id", "oncall/service-name"] as const;

/** What a service may be called in the logs: its annotation; else its catalog name and those other systems know it by. */
export function namesInLogs(catalog: Catalog, service: string): string[] {
  const entry = catalog.find(service);
  const annotations = entry?.annotations ?? {};
  const own = annotations[SERVICE_ANNOTATION];
  if (own) return [own];
  const aliases = ALIASES.flatMap((alias) => annotations[alias] ?? []);
  // What one service is called elsewhere may be another one's name.
  const others = new Set(
    catalog
      .entries()
      .flatMap((other) => (other.name === service ? [] : [other.metadataName, other.annotations[SERVICE_ANNOTATION]])),
  );
  return [
    ...new Set([entry?.metadataName ?? service, ...aliases.filter((alias) => alias !== "" && !others.has(alias))]),
  ];
}
