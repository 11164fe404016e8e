import type { Catalog } from "@oncall-copilot/core";
import type { CaseAlert } from "./case.ts";
import { possibleCauses } from "./neighbourhood.ts";

/**
 * Which alert of a case is looked at: the service that most of the others depend on, since what it suffers from, or is, can explain them. The
 * loudest or first symptom does not decide. Among equals the earlier one; of one service's alerts the first that still fires.
 */
export function leadAlert(alerts: readonly CaseAlert[], catalog: Catalog): CaseAlert | null {
  const services = [...new Set(alerts.flatMap(({ service }) => (service === null ? [] : [service])))];
  const causes = new Map(services.map((service) => [service, possibleCauses(catalog, service)]));
  const dependants = (service: string | null): number =>
    service === null
      ? -1
      : services.filter((other) => other !== service && causes.get(other)?.has(service) === true).length;
  const counted = new Map([null, ...services].map((service) => [service, dependants(service)]));
  const [lead] = [...alerts].sort(
    (a, b) =>
      (counted.get(b.service) ?? 0) - (counted.get(a.service) ?? 0) ||
      Number(a.resolved_at !== null) - Number(b.resolved_at !== null) ||
      a.started_at - b.started_at,
  );
  return lead ?? null;
}
