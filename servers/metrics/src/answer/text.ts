import { fence } from "@oncall-copilot/core";
import type { MetricsAnswer, MoreSuspects, ShownAlarms, ShownSignal, ShownSuspect } from "./schema.ts";

/** Values, usual values and onsets stand in the evidence's own text, a line for each signal. */
const signalText = ({ signal, role, change, score }: ShownSignal) => `${signal} (${role}) ${change} ${score}`;

function suspectText(suspect: ShownSuspect): string {
  const onset = suspect.onset ? `, onset ${suspect.onset}` : "";
  return [
    `${suspect.service} (${suspect.kind}, hop ${suspect.hops}): score ${suspect.score}${onset}. ${suspect.why}`,
    `signals: ${suspect.signals.map(signalText).join(", ")}`,
    fence(suspect.evidence),
  ].join("\n");
}

function moreText({ suspects, evidence }: MoreSuspects): string {
  const scores = suspects.map(({ service, score, onset }) => `${service} ${score}${onset ? ` (${onset})` : ""}`);
  return `Next suspects: ${scores.join(", ")}\n${fence(evidence)}`;
}

function alarmsText({ left_out: left, evidence }: ShownAlarms): string {
  return `Alarms${left > 0 ? `, ${left} more left out` : ""}:\n${fence(evidence)}`;
}

/** The answer as text: the same facts as its data. */
export function answerAsText(answer: MetricsAnswer): string {
  const { service, window, baseline, suspects, more, alarms, usual, missing } = answer;
  return [
    `${service}: window ${window.from} to ${window.to}, usual by ${baseline.from} to ${baseline.to}`,
    ...suspects.map(suspectText),
    ...(more ? [moreText(more)] : []),
    ...(alarms ? [alarmsText(alarms)] : []),
    ...(usual.length > 0 ? [`Nothing unusual: ${usual.join(", ")}`] : []),
    ...(missing.length > 0 ? [`No series: ${missing.join(", ")}`] : []),
  ].join("\n");
}
