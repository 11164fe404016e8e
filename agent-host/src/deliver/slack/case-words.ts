import type { Claim, Evidence, Report } from "@oncall-copilot/core";
import type { Case, CaseDecision } from "../../cases/case.ts";
import type { Decision } from "../../decide/decision.ts";
import { kindOf } from "../../verify/kinds.ts";
import type { CaseView } from "../case-delivery.ts";
import { oneLine } from "../style.ts";
import { headline } from "../words.ts";
import { shortened } from "./plain-text.ts";

/** What a case's card says, before it is laid out. All of it may quote strangers, and is made visible. */

const MINUTE = 60_000;

/** `26 min`, `3 h 5 min`: in the grain that matters to somebody who was woken. */
export function duration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MINUTE));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

/** `07:21 UTC`. */
export const clock = (at: number): string => `${new Date(at).toISOString().slice(11, 16)} UTC`;

/** Where it hurts: the alert and its service. */
export function alertName({ case: { alert, service } }: CaseView): string {
  const name = oneLine(alert.name);
  return service === null || name.toLowerCase().includes(service.toLowerCase()) ? name : `${name} on ${service}`;
}

/** What a woken engineer reads first: whether it is over, whether anything is wrong, and how sure that is. */
export function verdictWords(view: CaseView): string {
  const { case: current, report } = view;
  if (current.resolved_at !== null) return `Resolved after ${duration(current.resolved_at - current.alert.started_at)}`;
  if (!report) return current.failure ? "Not investigated" : "Looking into it";
  if (isNoFault(report)) return "No fault found";
  if (current.state === "open" && current.next_look_at !== null) return "Not settled yet";
  switch (report.outcome) {
    case "root_cause_identified":
      return "Root cause found";
    case "likely_cause":
      return "Likely cause";
    case "inconclusive":
      return "Cause not found";
    case "blocked":
      return "Could not look";
  }
}

export const isNoFault = (report: Report): boolean => report.family === "no_fault" && report.diagnosis !== null;

export const sentence = (report: Report): string => oneLine(headline(report));

/** Kinds of evidence that show what broke, and not why. */
const SHOW_WHAT_BROKE: ReadonlySet<string> = new Set(["logs", "metrics"]);

/** The quote that decides it: the one that shows what broke, else the first of the diagnosis. */
export function decidingQuote(
  report: Report,
): { readonly text: string; readonly evidence: Evidence | undefined } | null {
  const supports = report.diagnosis?.supports ?? [];
  const chosen = supports.find(({ id }) => SHOW_WHAT_BROKE.has(kindOf(id) ?? "")) ?? supports[0];
  if (!chosen) return null;
  return { text: oneLine(chosen.quote), evidence: report.evidence.find(({ id }) => id === chosen.id) };
}

/** Every claim, the diagnosis first. */
export const claimsOf = (report: Report): readonly Claim[] => [
  ...(report.diagnosis ? [report.diagnosis] : []),
  ...report.claims,
];

/** How sure, in words, and who agrees. */
export function confidenceWords({ confidence }: Report): string {
  const { level, agreeing } = confidence;
  if (level === "none") return "No confidence";
  const who = agreeing.length === 0 ? "" : `: ${listed(agreeing)} ${wordFor(agreeing)}`;
  return `${level.charAt(0).toUpperCase()}${level.slice(1)} confidence${who}`;
}

/** `metrics speak`, `history speaks`, `metrics and logs agree`. */
const wordFor = (agreeing: readonly string[]): string =>
  agreeing.length > 1 ? "agree" : agreeing[0] === "history" ? "speaks" : "speak";

/** What the draft is now, as far as the case knows. */
export function draftState({ decisions, events }: Case): string {
  if (events.some(({ kind }) => kind === "pull_request_merged")) return "merged";
  if (events.some(({ kind }) => kind === "pull_request_closed")) return "closed";
  const done = decisions.filter(({ carried_out_at: at }) => at !== null).map(({ decision }) => decision.verb);
  if (done.includes("reject")) return "closed";
  if (decisions.some(({ by_hand }) => by_hand)) return "approved; somebody must press “Ready for review” on it";
  if (done.includes("approve")) return "approved for review";
  return done.includes("edit") ? "a draft, edited" : "a draft";
}

export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** How many alerts, and how many of them fire: a storm is one message. */
export function alertsWords({ alerts, case: current }: CaseView): string {
  if (alerts.total <= 1) return `1 alert since ${clock(current.alert.started_at)}`;
  const where = alerts.services.length > 1 ? ` of ${alerts.services.length} services` : "";
  const firing = alerts.firing === alerts.total ? "all firing" : `${alerts.firing} firing`;
  return `${alerts.total} alerts${where} since ${clock(current.alert.started_at)}, ${firing}`;
}

/** What people did with the draft, and what came of it: the newest first. */
export function decisionWords({ case: current }: CaseView): readonly string[] {
  const told = current.decisions.map((decision) => `${decisionLine(decision)}.`);
  const merged = current.events.find(({ kind }) => kind === "pull_request_merged");
  const closed = current.events.find(({ kind }) => kind === "pull_request_closed");
  const again = current.resolved_at === null ? current.events.findLast(({ kind }) => kind === "back") : undefined;
  const reopened = current.events.findLast(({ kind }) => kind === "reopened_as");
  return [
    ...(reopened ? [`Back at ${clock(reopened.at)}: ${oneLine(reopened.what)} has it.`] : []),
    ...(again ? [`Fires again since ${clock(again.at)}, ${oneLine(again.what)}.`] : []),
    ...(merged ? [`Draft merged at ${clock(merged.at)}.`] : []),
    ...(closed && !merged ? [`Draft closed at ${clock(closed.at)}.`] : []),
    ...told.reverse(),
  ];
}

const VERDICTS: Readonly<Record<Decision["verb"], string>> = {
  approve: "Approved",
  edit: "Edited",
  reject: "Rejected",
};

export const REASONS: Readonly<Record<NonNullable<Decision["reason"]>, string>> = {
  wrong_cause: "wrong cause",
  right_cause_wrong_fix: "right cause, wrong fix",
  no_incident: "no incident",
  known: "known already",
  other: "other",
};

function decisionLine({ decision, carried_out_at: done, result }: CaseDecision): string {
  const { verb, by, at, reason, words } = decision;
  const why = [reason ? REASONS[reason] : "", words ? `"${shortened(oneLine(words), 80)}"` : ""].filter(
    (one) => one !== "",
  );
  const refused = result === null ? "; being carried out" : `; refused: ${shortened(oneLine(result), 120)}`;
  const told = why.length === 0 ? "" : ` (${why.join(", ")})`;
  return `${VERDICTS[verb]} by ${oneLine(by)} at ${clock(Date.parse(at))}${told}${done === null ? refused : ""}`;
}

/** Whether nothing stands in the way of a decision: it was not made, and nothing is being carried out. */
export function isOpenToDecide(current: Case): boolean {
  const pending = current.decisions.some(({ carried_out_at: done, result }) => done === null && result === null);
  const final = current.decisions.some(
    ({ decision, carried_out_at: done }) => decision.verb !== "edit" && done !== null,
  );
  const over = current.events.some(({ kind }) => kind === "pull_request_merged" || kind === "pull_request_closed");
  return current.pull_request !== null && current.final_report !== null && !pending && !final && !over;
}
