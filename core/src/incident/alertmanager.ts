import { z } from "zod";
import { AlertError } from "../errors.ts";
import { alertFingerprint } from "./fingerprint.ts";
import type { Incident } from "./incident.ts";
import { webAddress } from "./web-address.ts";

const labels = z.record(z.string(), z.string());

const Alert = z.object({
  status: z.enum(["firing", "resolved"]),
  labels,
  annotations: labels.default({}),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
});
type Alert = z.infer<typeof Alert>;

/** Alertmanager's webhook body, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const AlertmanagerWebhook = z.object({
  version: z.literal("4"),
  groupKey: z.string().optional(),
  truncatedAlerts: z.number().optional(),
  status: z.enum(["firing", "resolved"]),
  receiver: z.string().optional(),
  groupLabels: labels.default({}),
  commonLabels: labels.default({}),
  commonAnnotations: labels.default({}),
  externalURL: z.string().optional(),
  alerts: z.array(Alert).min(1, "the webhook has no alerts"),
});
export type AlertmanagerWebhook = z.infer<typeof AlertmanagerWebhook>;

/** Labels that name the service, in the order of trust: a service's own name before the workload that runs it. */
const SERVICE_LABELS = [
  "service", "service_name", "app", "app_kubernetes_io_name", "deployment", "statefulset", "daemonset", "workload", "container",
  "job_name", "job",
]; // biome-ignore format: a word list

const SEVERITY_RANK = new Map([
  ["critical", 0],
  ["page", 0],
  ["error", 1],
  ["high", 1],
  ["warning", 2],
  ["info", 3],
  ["none", 4],
]);
const severityRank = (alert: Alert) => SEVERITY_RANK.get(alert.labels["severity"]?.toLowerCase() ?? "") ?? 2;

const serviceOf = (found: Readonly<Record<string, string>>): string | null =>
  SERVICE_LABELS.map((name) => found[name]).find((value) => value !== undefined && value !== "") ?? null;

/** The group's most severe firing alert, the earliest of these, leads; the others are folded in as related. */
export function incidentFromAlertmanager(body: AlertmanagerWebhook): Incident {
  const firing = body.alerts.filter((alert) => alert.status === "firing");
  const candidates = firing.length > 0 ? firing : body.alerts;
  const byImportance = [...candidates].sort(
    (a, b) => severityRank(a) - severityRank(b) || Date.parse(a.startsAt) - Date.parse(b.startsAt),
  );
  const [lead, ...others] = byImportance;
  if (!lead) throw new AlertError("the webhook has no alerts");
  const all = { ...body.commonLabels, ...lead.labels };
  const annotations = { ...body.commonAnnotations, ...lead.annotations };
  const notes: string[] = [];
  const name = all["alertname"];
  if (!name) notes.push("the alert has no alertname label");
  const service = serviceOf(all);
  if (service === null) notes.push(`no label names the service (looked at ${SERVICE_LABELS.join(", ")})`);
  if (body.truncatedAlerts)
    notes.push(`Alertmanager left ${body.truncatedAlerts} alerts of the group out (max_alerts)`);
  const alert = name ?? "unnamed alert";
  const startedAt = new Date(lead.startsAt).toISOString();
  const fingerprint = alertFingerprint({ alert, service, labels: all });
  return {
    id: `${fingerprint}-${Math.floor(Date.parse(startedAt) / 1000)}`,
    fingerprint,
    source: "alertmanager",
    status: firing.length > 0 ? "firing" : "resolved",
    alert,
    service,
    severity: all["severity"] ?? null,
    summary: annotations["summary"] ?? annotations["message"] ?? annotations["description"] ?? alert,
    description: annotations["description"] ?? "",
    started_at: startedAt,
    labels: all,
    annotations,
    url: webAddress(lead.generatorURL) ?? webAddress(body.externalURL),
    related: others.map((other) => ({
      alert: other.labels["alertname"] ?? "unnamed alert",
      service: serviceOf(other.labels),
      summary: other.annotations["summary"] ?? other.annotations["description"] ?? "",
      started_at: new Date(other.startsAt).toISOString(),
    })),
    notes,
  };
}
