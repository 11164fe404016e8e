import type { MetricSignal, MetricSuspect } from "../../tools/answers.ts";
import type { Seen } from "./seen.ts";

/** What alerted was broken and is not any more. */
export interface Recovered {
  readonly kind: "recovered";
  readonly service: MetricSuspect;
  /** Its symptoms that were unusual, all of them over. */
  readonly over: readonly MetricSignal[];
}

const isUnusual = ({ role, change }: MetricSignal): boolean =>
  role === "symptom" && change !== "usual" && change !== "unmeasured";

/** That the alerting service's symptoms turned and are usual again; undefined where one is still on, or none ever turned. */
export function recoveredSince(seen: Seen): Recovered | undefined {
  const service =
    seen.closer.get(seen.service) ?? seen.metrics?.suspects.find((suspect) => suspect.service === seen.service);
  const over = (service?.signals ?? []).filter(isUnusual);
  if (!service || over.length === 0 || over.some((signal) => signal.recovered_at === undefined)) return undefined;
  return { kind: "recovered", service, over };
}
