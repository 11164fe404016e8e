import { z } from "zod";
import { SEVERITY_LEVELS } from "./severity.ts";
import { Subject } from "./subject.ts";

export const ALERT_SOURCES = ["alertmanager", "grafana", "cloudwatch", "pagerduty"] as const;
export type AlertSource = (typeof ALERT_SOURCES)[number];

/** How the catalog's name of the service was found in an alert, so that a reader can doubt it. */
export const ServiceFound = z.strictObject({
  by: z.enum(["rule", "tag", "label", "dimension", "triggering_alarm", "alert_name"]),
  /** The label, dimension or tag; of a rule, its annotation. */
  from: z.string(),
  /** What stands there. */
  value: z.string(),
});
export type ServiceFound = z.infer<typeof ServiceFound>;

/** What an alert is once its sender no longer matters: one Incident out of any payload. */
export const Incident = z.strictObject({
  /** Stable for the same alert firing: fingerprint and start. */
  id: z.string(),
  /** The same for every occurrence of the same trouble; see `alertFingerprint`. */
  fingerprint: z.string(),
  source: z.enum(ALERT_SOURCES),
  status: z.enum(["firing", "resolved"]),
  alert: z.string().describe("the alert's name"),
  /** As the alert names it; null when nothing in it does. The host resolves its subjects against the catalog. */
  service: z.string().nullable(),
  /** What in the alert may name the service, best first. */
  subjects: z.array(Subject).default([]),
  /** Filled in by the host, which has the catalog; null when nothing in the alert is a name of it. */
  service_found: ServiceFound.nullable().default(null),
  /** As the sender says it, whatever the word. */
  severity: z.string().nullable(),
  /** What that word stands for; null when none was said, or nobody is known to use it, which `notes` then tells. */
  severity_level: z.enum(SEVERITY_LEVELS).nullable().default(null),
  summary: z.string(),
  description: z.string(),
  started_at: z.string().describe("RFC 3339, UTC"),
  /** When it was resolved, where the sender says so. RFC 3339, UTC. */
  ended_at: z.string().nullable().default(null),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** Where the alert can be seen. */
  url: z.string().nullable(),
  /** The other firing alerts of the same group, folded into this incident. */
  related: z.array(
    z.strictObject({ alert: z.string(), service: z.string().nullable(), summary: z.string(), started_at: z.string() }),
  ),
  /** What was missing or odd in the payload, for the report's gaps. */
  notes: z.array(z.string()),
});
export type Incident = z.infer<typeof Incident>;
