import { AlertError } from "../errors.ts";
import type { Incident } from "./incident.ts";

/** The worst firing incident of a payload, the earliest of these, with the other firing ones folded in as related. */
export function leadOf(incidents: readonly Incident[]): Incident {
  const firing = incidents.filter(({ status }) => status === "firing");
  const [lead, ...others] = firing.length > 0 ? firing : incidents;
  if (!lead) throw new AlertError("the payload has no alert in it");
  return {
    ...lead,
    related: others.map(({ alert, service, summary, started_at }) => ({ alert, service, summary, started_at })),
  };
}
