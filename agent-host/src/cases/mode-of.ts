import { type Catalog, escapePattern } from "@oncall-copilot/core";
import type { Case } from "./case.ts";

const ANNOTATION = "oncall/mode";

export interface ModeOptions {
  readonly catalog: Catalog;
  /** Of services that nothing else is said of, and of alerts that are no service's. */
  readonly mode: Case["mode"];
  /** Names of services that are live by a rule of the deployment's, `*` standing for anything. */
  readonly live: readonly string[];
}

/** How the cases of a service are dealt with: by its own catalog entry (`oncall/mode`), else by the deployment's rule, else by the default. */
export function modeOf({ catalog, mode, live }: ModeOptions, service: string | null): Case["mode"] {
  if (service === null) return mode;
  const said = catalog.find(service)?.annotations[ANNOTATION];
  if (said === "live" || said === "shadow") return said;
  return live.some((pattern) => isLike(service, pattern)) ? "live" : mode;
}

const isLike = (name: string, pattern: string): boolean =>
  new RegExp(`^${pattern.split("*").map(escapePattern).join(".*")}$`).test(name);
