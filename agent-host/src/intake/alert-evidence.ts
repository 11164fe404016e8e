import { type Evidence, type EvidenceKey, type Incident, mintEvidence } from "@oncall-copilot/core";

/** The letter of the host's own evidence: no server has it. */
export const ALERT_LETTER = "a";

/** Annotations that stand in the text already. */
const TOLD: ReadonlySet<string> = new Set(["summary", "description", "message"]);
/** Most labels and annotations that are told, a line each. */
const MAX_FACTS = 40;

/**
 * The alert as an evidence item, so that what it says, figures included, can be cited. Its words are its sender's.
 * `incident` has been through `cleanIncident`; `service` is the catalog name it was resolved to.
 */
export function alertEvidence(incident: Incident, service: string | null, key: EvidenceKey): Evidence {
  const { alert, severity, summary, description, started_at, labels, annotations, url } = incident;
  const facts = [
    ...Object.entries(labels),
    ...Object.entries(annotations).filter(([name]) => !TOLD.has(name.toLowerCase())),
  ];
  const lines = [
    `alert ${alert} of ${incident.service ?? "no service that it names"} since ${started_at}${severity === null ? "" : `, severity ${severity}`}`,
    ...[summary, description].filter((text, index, all) => text !== "" && all.indexOf(text) === index),
    ...facts.slice(0, MAX_FACTS).map(([name, value]) => `${name}: ${value}`),
  ];
  return mintEvidence(key, ALERT_LETTER, {
    text: lines.join("\n"),
    url: url ?? `alert:${incident.id}`,
    at: started_at,
    about: service === null ? [] : [service],
    shows: [{ shows: "unusual", of: alert, from: Date.parse(started_at) }],
  });
}
