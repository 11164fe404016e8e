import { z } from "zod";
import { AlertError } from "../errors.ts";
import { alertFingerprint } from "./fingerprint.ts";
import type { Incident } from "./incident.ts";
import { severityNote, severityOf } from "./severity.ts";
import type { Subject } from "./subject.ts";
import { epochOf } from "./time-text.ts";
import { webAddress } from "./web-address.ts";

/** PagerDuty's v3 webhook: https://developer.pagerduty.com/docs/webhooks-overview */
export const PagerDutyEvent = z.object({
  event: z.object({
    event_type: z.string(),
    occurred_at: z.string().optional(),
    data: z.looseObject({
      id: z.string().optional(),
      type: z.string().optional(),
      html_url: z.string().nullish(),
      created_at: z.string().nullish(),
      title: z.string().nullish(),
      urgency: z.string().nullish(),
      priority: z.object({ summary: z.string().nullish(), name: z.string().nullish() }).nullish(),
      service: z.object({ id: z.string().nullish(), summary: z.string().nullish() }).nullish(),
    }),
  }),
});
export type PagerDutyEvent = z.infer<typeof PagerDutyEvent>;

const FIRING = new Set(["incident.triggered", "incident.reopened"]);
const RESOLVED = "incident.resolved";

/** What an event says of its alert; null for those that say something of people, such as an acknowledgement, and for pings. */
export function statusOfPagerDuty({ event }: PagerDutyEvent): Incident["status"] | null {
  if (FIRING.has(event.event_type)) return "firing";
  return event.event_type === RESOLVED ? "resolved" : null;
}

/** When the incident began, epoch milliseconds. */
export function startOfPagerDuty({ event }: PagerDutyEvent): number | undefined {
  return [event.data.created_at, event.occurred_at].map((text) => epochOf(text ?? "")).find((at) => !Number.isNaN(at));
}

/** The incident as PagerDuty tells it, for one whose own alert is not inside. */
export function incidentFromPagerDuty(payload: PagerDutyEvent): Incident {
  const { event } = payload;
  const { data } = event;
  const start = startOfPagerDuty(payload);
  if (start === undefined)
    throw new AlertError(
      "this looks like a PagerDuty v3 webhook, but event.data.created_at and event.occurred_at are no times",
    );
  const alert = data.title || `PagerDuty incident ${data.id ?? "without an id"}`;
  const name = data.service?.summary || null;
  const subjects: Subject[] = [
    ...(data.service?.id ? [{ name: data.service.id, from: "PagerDuty service id", means: "service" as const }] : []),
    ...(name ? [{ name, from: "PagerDuty service", means: "service" as const }] : []),
  ];
  const severity = severityOf({
    priority: data.priority?.summary ?? data.priority?.name ?? "",
    urgency: data.urgency ?? "",
  });
  const resolved = statusOfPagerDuty(payload) === "resolved";
  const ended = epochOf(event.occurred_at ?? "");
  const labels = { alertname: alert, ...(name ? { service: name } : {}) };
  const fingerprint = alertFingerprint({ alert, service: name, labels });
  const unsure = severityNote(severity);
  return {
    id: `${fingerprint}-${Math.floor(start / 1000)}`,
    fingerprint,
    source: "pagerduty",
    status: resolved ? "resolved" : "firing",
    alert,
    service: name,
    subjects,
    service_found: null,
    severity: severity.word,
    severity_level: severity.level,
    summary: alert,
    description: "",
    started_at: new Date(start).toISOString(),
    ended_at: resolved && !Number.isNaN(ended) ? new Date(ended).toISOString() : null,
    labels,
    annotations: {},
    url: webAddress(data.html_url ?? undefined),
    related: [],
    notes: [
      "PagerDuty's webhook carries no alert of its own: only the incident's title and service are known",
      ...(unsure ? [unsure] : []),
    ],
  };
}
