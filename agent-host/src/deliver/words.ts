import type { Report } from "@oncall-copilot/core";
import { isHalfBlind, recoveredAt } from "./standing.ts";

/** The report's verdict in a few words, for the first line of every rendering: what it is, how it stands, and who did not look. */
export function verdict(report: Report): string {
  const words = recoveredAt(report) === null ? ofOutcome(report) : "Was broken, has recovered";
  const standing = report.settled.final ? words : `Not settled yet: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  return report.engine.instead_of === null ? standing : `${standing}; no model looked`;
}

function ofOutcome(report: Report): string {
  if (report.family === "no_fault" && report.diagnosis)
    return isHalfBlind(report) ? "No fault seen in what could be read" : "No fault found";
  switch (report.outcome) {
    case "root_cause_identified":
      return "Root cause identified";
    case "likely_cause":
      return "Likely cause";
    case "inconclusive":
      return "Inconclusive";
    case "blocked":
      return "Blocked: nothing could be seen";
  }
}

/** The one sentence: the engine's when it held, else code's own, which claims nothing. */
export function headline(report: Report): string {
  if (report.diagnosis) return report.diagnosis.text;
  if (report.outcome === "blocked") return "No tool could look, so nothing can be said about the cause.";
  return "No statement about the cause held up against the evidence.";
}

export function engineLine({ engine, cost }: Report): string {
  const who = engine.name === "rules" ? "the rules engine (no model)" : `Claude (${engine.model ?? "unknown model"})`;
  const tokens = cost.input_tokens + cost.output_tokens + cost.cached_input_tokens;
  const spent = tokens === 0 ? "" : `, ${tokens} tokens`;
  const partial = engine.complete ? "" : ", not finished";
  return `by ${who}: ${cost.tool_calls} tool calls${spent}, ${cost.seconds.toFixed(1)} s${partial}`;
}

/** Which alert, since when, and as of when this was seen. */
export function alertLine({ incident, service, as_of: asOf }: Report): string {
  const severity = incident.severity ? `[${incident.severity}] ` : "";
  const on = service ? ` on ${service}${foundLine(incident)}` : "";
  const more =
    incident.description !== "" && incident.description !== incident.summary ? ` (${incident.description})` : "";
  return `${severity}${incident.alert}${on}, ${incident.status} since ${incident.started_at}, seen as of ${asOf}: ${incident.summary}${more}`;
}

/** How the service was found, since an alert that names it in another way may be about another. */
function foundLine({ service_found: found }: Report["incident"]): string {
  if (found === null) return "";
  if (found.by === "rule") return ` (by the catalog's rule ${found.value})`;
  if (found.by === "alert_name") return " (by the alert's own name)";
  if (found.by === "triggering_alarm") return ` (by its ${found.from} ${found.value})`;
  const said = found.by === "label" && found.from === "service" ? "" : `=${found.value}`;
  return ` (by its ${found.by} ${found.from}${said})`;
}

/** Where the alert itself points. */
export function linksOf({ incident }: Report): string[] {
  const { runbook_url: runbook, dashboard_url: dashboard } = incident.annotations;
  return [
    ...(runbook ? [`the alert's runbook  ${runbook}`] : []),
    ...(dashboard ? [`the alert's dashboard  ${dashboard}`] : []),
    ...(incident.url ? [`the alert  ${incident.url}`] : []),
  ];
}

/** What is proposed, in a sentence: what a woken engineer wants to know first. */
export function proposal(report: Report): string {
  const { fix, pull_request: pr } = report;
  if (fix.kind === "none") return `Proposed: no change. ${capital(fix.why)}`.trim();
  if (!pr) return `Proposed: ${fix.title}; ${noPullRequest(report)}`;
  return `Proposed: ${fix.title}; a draft pull request waits for your review.`;
}

const capital = (text: string) => (text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);

/** Why there is no pull request, in a sentence. */
export function noPullRequest(report: Report): string {
  const refused = report.cut.find(({ what }) => what === "pull request");
  if (refused) return `no pull request was opened: ${refused.why}`;
  const { fix, settled } = report;
  const withheld = fix.kind !== "none" && fix.service !== null;
  if (withheld && !settled.final) return "no draft is opened before it is settled";
  if (withheld)
    return report.engine.instead_of === null
      ? "no draft is opened, since the last two looks contradict each other"
      : "no draft is opened, since no model looked and nothing but the order of events speaks for it";
  return report.fix.why === "" ? "no pull request" : `no pull request: ${report.fix.why}`;
}

/** What verification cut, by kind and count alone: a lie that was refused is not printed all the same. The audit log has it in full. */
export function cutByKind({ cut }: Report): string[] {
  const counts = new Map<string, number>();
  for (const { what } of cut) counts.set(what, (counts.get(what) ?? 0) + 1);
  const lines = [...counts].map(([what, count]) => `${count} × ${what}`);
  return lines.length === 0 ? [] : [...lines, "in full in the audit log alone"];
}
