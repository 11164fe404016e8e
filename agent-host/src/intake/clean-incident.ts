import { type Incident, redact, redactDeep } from "@oncall-copilot/core";

/** Most characters of one field. What is cut is marked. */
const MOST = { line: 300, text: 2_000 } as const;

const bounded = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most)}…`);

/** Strangers choose these too: on one line, whatever they hold. */
const line = (text: string): string => bounded(text.replace(/\s+/g, " ").trim(), MOST.line);

const record = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [line(name), bounded(value, MOST.text)]));

/**
 * An incident as it may go on: secrets and personal data redacted before anything is cut, since half a secret is found by
 * no rule; names on one line; every field bounded. The alert's text is as untrusted as a log line.
 */
export async function cleanIncident(incident: Incident): Promise<Incident> {
  const { value } = await redactDeep(incident);
  const { text: url } = await redact(incident.url ?? "");
  return {
    ...value,
    // Identity is made of digests and is not text.
    id: incident.id,
    fingerprint: incident.fingerprint,
    alert: line(value.alert),
    service: value.service === null ? null : line(value.service),
    subjects: value.subjects.map(({ name, from, means }) => ({ name: line(name), from: line(from), means })),
    severity: value.severity === null ? null : line(value.severity),
    summary: line(value.summary),
    description: bounded(value.description, MOST.text),
    url: url === "" ? null : bounded(url, MOST.text),
    labels: record(value.labels),
    annotations: record(value.annotations),
    related: value.related.map((other) => ({
      alert: line(other.alert),
      service: other.service === null ? null : line(other.service),
      summary: line(other.summary),
      started_at: other.started_at,
    })),
    notes: value.notes.map(line),
  };
}
