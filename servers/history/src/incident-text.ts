import { formatDuration } from "@oncall-copilot/core";
import { second } from "./instants.ts";
import type { PastIncident } from "./store.ts";

/** Longest free text of one field, in characters: what is beyond is counted, and stands where the url leads. */
const LONGEST = 400;

/** One past incident as text: whose it was and when, then its own words. */
export function incidentText(incident: PastIncident): string {
  const { startedAt, resolvedAt } = incident;
  const severity = incident.severity === null ? "" : ` (${incident.severity})`;
  const lasted = incident.endUnreadable
    ? `since ${second(startedAt)}, over, and until when cannot be read`
    : resolvedAt === null
      ? `since ${second(startedAt)}, not resolved yet`
      : `${second(startedAt)} to ${second(resolvedAt)}, resolved in ${formatDuration(resolvedAt - startedAt)}`;
  const lines = [`${incident.id} ${incident.service} ${incident.alert}${severity}: ${lasted}`];
  if (incident.summary !== "") lines.push(`Summary: ${shown(incident.summary)}`);
  if (incident.rootCause !== null) lines.push(`Root cause: ${shown(incident.rootCause)}`);
  if (incident.fix !== null) lines.push(`Fix (${outcome(incident.fixWorked)}): ${shown(incident.fix)}`);
  if (incident.proposal !== null) lines.push(`Proposed by this system: ${shown(incident.proposal)}`);
  return lines.join("\n");
}

const outcome = (worked: boolean | null) => (worked === null ? "outcome unknown" : worked ? "worked" : "did not work");

/** The text, or its head with a mark that counts the rest. */
export function shown(text: string): string {
  if (text.length <= LONGEST) return text;
  const head = text.slice(0, LONGEST).trimEnd();
  return `${head} [${text.length - head.length} more characters at the source]`;
}
