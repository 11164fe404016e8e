import { z } from "zod";
import { AlertError } from "../errors.ts";
import { alertFingerprint } from "./fingerprint.ts";
import type { AlertSource, Incident } from "./incident.ts";
import { severityNote, severityOf, severityRank } from "./severity.ts";
import { serviceOfSubjects, subjectsOfLabels } from "./subject.ts";
import { epochOf, isZeroTime } from "./time-text.ts";
import { webAddress } from "./web-address.ts";

const labels = z.record(z.string(), z.string());
const time = z.string().refine((text) => !Number.isNaN(epochOf(text)), {
  error: "is no time: RFC 3339 with a zone, such as 2026-03-01T10:00:00Z",
});

const Alert = z.object({
  status: z.enum(["firing", "resolved"]),
  labels: labels.default({}),
  annotations: labels.default({}),
  /** Absent where a template of Amazon's Prometheus leaves it out: then the envelope's time stands. */
  startsAt: time.optional(),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
  /** Grafana's own. */
  dashboardURL: z.string().optional(),
  panelURL: z.string().optional(),
});
type Alert = z.infer<typeof Alert>;

/**
 * Alertmanager's webhook body, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), Grafana's,
 * which counts from "1", and what the template of Amazon's Prometheus makes, which has no version.
 */
export const AlertmanagerWebhook = z.object({
  version: z.enum(["4", "1"]).optional(),
  groupKey: z.string().optional(),
  truncatedAlerts: z.number().optional(),
  status: z.enum(["firing", "resolved"]).optional(),
  receiver: z.string().optional(),
  groupLabels: labels.default({}),
  commonLabels: labels.default({}),
  commonAnnotations: labels.default({}),
  externalURL: z.string().optional(),
  alerts: z.array(Alert).min(1, "the webhook has no alerts"),
});
export type AlertmanagerWebhook = z.infer<typeof AlertmanagerWebhook>;

/** Says what the alert is about when no annotation of its does. */
const SUMMARIES = ["summary", "message", "title", "description"] as const;
const summaryOf = (annotations: Readonly<Record<string, string>>) =>
  SUMMARIES.map((name) => annotations[name]).find((text) => text !== undefined && text !== "");

/**
 * Every alert of a group as an incident of its own, worst first and then earliest. `sentAt` (epoch ms) stands in for a start that
 * the sender left out.
 */
export function incidentsFromAlertmanager(body: AlertmanagerWebhook, sentAt?: number): Incident[] {
  const source: AlertSource = body.version === "1" ? "grafana" : "alertmanager";
  return body.alerts
    .map((alert) => ({ alert, severity: severityOf({ ...body.commonLabels, ...alert.labels }) }))
    .map(({ alert, severity }) => ({ incident: incidentOf(alert, body, source, sentAt), rank: severityRank(severity) }))
    .sort((a, b) => a.rank - b.rank || Date.parse(a.incident.started_at) - Date.parse(b.incident.started_at))
    .map(({ incident }) => incident);
}

function incidentOf(
  alert: Alert,
  body: AlertmanagerWebhook,
  source: AlertSource,
  sentAt: number | undefined,
): Incident {
  const all = { ...body.commonLabels, ...alert.labels };
  const annotations: Record<string, string> = {
    ...body.commonAnnotations,
    ...alert.annotations,
    ...(alert.dashboardURL ? { dashboard_url: alert.dashboardURL } : {}),
  };
  const name = all["alertname"] ?? "unnamed alert";
  const subjects = subjectsOfLabels(all);
  const service = serviceOfSubjects(subjects);
  const severity = severityOf(all);
  const start = alert.startsAt === undefined ? sentAt : epochOf(alert.startsAt);
  if (start === undefined)
    throw new AlertError("this looks like an Alertmanager webhook, but it is not whole: alerts.0.startsAt is missing");
  const fingerprint = alertFingerprint({ alert: name, service, labels: all });
  const truncated = body.truncatedAlerts
    ? [`the sender left ${body.truncatedAlerts} alerts of the group out (max_alerts)`]
    : [];
  const unsure = severityNote(severity);
  return {
    id: `${fingerprint}-${Math.floor(start / 1000)}`,
    fingerprint,
    source,
    status: alert.status,
    alert: name,
    service,
    subjects,
    service_found: null,
    severity: severity.word,
    severity_level: severity.level,
    summary: summaryOf(annotations) ?? name,
    description: annotations["description"] ?? "",
    started_at: new Date(start).toISOString(),
    ended_at: alert.status === "resolved" ? endOf(alert) : null,
    labels: all,
    annotations,
    url: webAddress(alert.generatorURL) ?? webAddress(body.externalURL),
    related: [],
    notes: [
      ...(all["alertname"] ? [] : ["the alert has no alertname label"]),
      ...(alert.startsAt === undefined ? ["the alert does not say when it began; the time it was sent was taken"] : []),
      ...(unsure ? [unsure] : []),
      ...truncated,
    ],
  };
}

function endOf({ endsAt }: Alert): string | null {
  const end = endsAt === undefined || isZeroTime(endsAt) ? Number.NaN : epochOf(endsAt);
  return Number.isNaN(end) ? null : new Date(end).toISOString();
}
