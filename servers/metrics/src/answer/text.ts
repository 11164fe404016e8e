import { fence } from "@oncall-copilot/core";
import { pointsText } from "./points.ts";
import type { MetricsAnswer, MoreSuspects, ShownAlarms, ShownCallers, ShownSignal, ShownSuspect } from "./schema.ts";

/** Values, usual values and onsets stand in the evidence's own text, a line for each signal. */
const signalText = ({ signal, role, change, score, state, recovered_at, climbs, thin }: ShownSignal) =>
  [
    `${signal} (${role}) ${change} ${score}`,
    ...(recovered_at ? [`over since ${recovered_at}`] : []),
    ...(state === "refused" || state === "no_traffic" ? [state.replace("_", " ")] : []),
    ...(climbs ? ["climbs"] : []),
    ...(thin ? ["thin"] : []),
  ].join(" ");

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

function callersText({ turned, usual, missing, evidence }: ShownCallers): string {
  const lines = turned.map(({ service, relation, signal, change, score, onset, recovered_at }) => {
    const over = recovered_at ? `, over since ${recovered_at}` : "";
    return `${service} (${relation}) ${signal} ${change} ${score}${onset ? ` (${onset}${over})` : ""}`;
  });
  return [
    `Callers: ${turned.length > 0 ? lines.join(", ") : "none turned"}${usual.length > 0 ? `; as usual: ${usual.join(", ")}` : ""}${missing.length > 0 ? `; no series: ${missing.join(", ")}` : ""}`,
    ...(evidence ? [fence(evidence)] : []),
  ].join("\n");
}

const spanText = ({ from, to }: { from: string; to: string }) => `${from} to ${to}`;

function alarmsText({ left_out: left, evidence }: ShownAlarms): string {
  return `Alarms${left > 0 ? `, ${left} more left out` : ""}:\n${fence(evidence)}`;
}

/** The answer as text: the same facts as its data. */
export function answerAsText(answer: MetricsAnswer): string {
  const { service, window, baseline, suspects, more, callers, alarms, no_traffic, unread, usual, missing } = answer;
  const leftOut = baseline.left_out ? ` without ${baseline.left_out.map(spanText).join(", ")}` : "";
  return [
    `${service}: window ${spanText(window)}, usual by ${spanText(baseline)}${leftOut}`,
    ...(answer.data_until ? [`Data until ${answer.data_until}`] : []),
    ...suspects.map(suspectText),
    ...(more ? [moreText(more)] : []),
    ...(answer.points ? [pointsText(answer.points)] : []),
    ...(callers ? [callersText(callers)] : []),
    ...(alarms ? [alarmsText(alarms)] : []),
    ...(no_traffic ? [`No traffic: ${no_traffic.map((one) => `${one.service} since ${one.since}`).join(", ")}`] : []),
    ...(unread
      ? [`Not read: ${unread.map((one) => `${one.signal} of ${one.services.join(", ")} (${one.reason})`).join("; ")}`]
      : []),
    ...(usual.length > 0 ? [`Nothing unusual: ${usual.join(", ")}`] : []),
    ...(missing.length > 0 ? [`No series: ${missing.join(", ")}`] : []),
  ].join("\n");
}
