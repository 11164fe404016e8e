import { alertFingerprint } from "../fingerprint.ts";
import type { Incident } from "../incident.ts";
import { severityNote, severityOf } from "../severity.ts";
import { serviceOfSubjects } from "../subject.ts";
import type { Alarm } from "./alarm.ts";
import { dimensionsOf, subjectsOfAlarm } from "./subjects.ts";

/** The same incident for the same alarm, whichever way it was told. */
export function incidentOfAlarm(alarm: Alarm): Incident {
  const [metric] = alarm.metrics;
  const subjects = subjectsOfAlarm(alarm);
  const service = serviceOfSubjects(subjects.filter(({ means }) => means !== "alarm"));
  const severity = severityOf(alarm.tags);
  const unsure = severityNote(severity);
  const labels = {
    alertname: alarm.name,
    ...(alarm.region ? { region: alarm.region } : {}),
    ...(metric ? { namespace: metric.namespace, metric: metric.name } : {}),
    ...dimensionsOf(alarm),
  };
  const resolved = alarm.state === "OK";
  // An alarm that went back tells when it went off: then both make the same incident.
  const began = resolved && alarm.previous?.state === "ALARM" ? (alarm.previous.at ?? alarm.at) : alarm.at;
  const fingerprint = alertFingerprint({ alert: alarm.name, service, labels });
  return {
    id: `${fingerprint}-${Math.floor(began / 1000)}`,
    fingerprint,
    source: "cloudwatch",
    status: resolved ? "resolved" : "firing",
    alert: alarm.name,
    service,
    subjects,
    service_found: null,
    severity: severity.word,
    severity_level: severity.level,
    summary: alarm.description || alarm.reason || alarm.name,
    description: alarm.reason,
    started_at: new Date(began).toISOString(),
    ended_at: resolved ? new Date(alarm.at).toISOString() : null,
    labels,
    annotations: Object.fromEntries(Object.entries(alarm.tags).map(([key, value]) => [`tag ${key}`, value])),
    url: consoleOf(alarm.region, alarm.name),
    related: [],
    notes: [
      ...(alarm.state === "INSUFFICIENT_DATA"
        ? ["the alarm has insufficient data: its metric is missing, nothing crossed a threshold"]
        : []),
      ...(unsure ? [unsure] : []),
    ],
  };
}

/** The alarm in the console, which is a host of its region: a region that is none must not lead elsewhere. */
function consoleOf(region: string | null, alarmName: string): string | null {
  if (region === null || !/^[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(region)) return null;
  const name = encodeURIComponent(Buffer.from(alarmName, "utf8").toString("utf8")); // whole characters only
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${name}`;
}
