import type { Catalog } from "@oncall-copilot/core";

/** `oncall/logs-service`: what a service is called in its log lines, in place of all its other names. */
export const SERVICE_ANNOTATION = "oncall/logs-service";
const ALIASES = ["backstage.io/kubernetes-id", "oncall/service-name"] as const;

/** What a service may be called in the logs: its annotation; else its catalog name and those other systems know it by. */
export function namesInLogs(catalog: Catalog, service: string): string[] {
  const annotations = catalog.find(service)?.annotations ?? {};
  const own = annotations[SERVICE_ANNOTATION];
  if (own) return [own];
  const aliases = ALIASES.flatMap((alias) => annotations[alias] ?? []);
  // What one service is called elsewhere may be another one's name.
  const others = new Set(
    catalog
      .entries()
      .flatMap((entry) => (entry.name === service ? [] : [entry.name, entry.annotations[SERVICE_ANNOTATION]])),
  );
  return [...new Set([service, ...aliases.filter((alias) => alias !== "" && !others.has(alias))])];
}
