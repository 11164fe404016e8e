import { createHash } from "node:crypto";
import type { Report } from "@oncall-copilot/core";
import type { Case } from "../cases/case.ts";
import type { CaseOutcome } from "../cases/outcome.ts";
import { dollarsOf, tokensOf } from "./cost-of-case.ts";

/** Longest text of a person's or an alert's that is kept, in characters. */
const MAX_TEXT = 500;

/** Whether there is something to learn of it yet: its alerts have cleared or came back, or nothing more is expected. */
export const hasOutcome = ({ resolved_at, state, outcome }: Case): boolean =>
  resolved_at !== null || state === "ended" || outcome !== null;

/** What the outcome of a case depends on, as a hash. */
export function outcomeKey({ state, resolved_at, decisions, events, final_report, looks, service }: Case): string {
  const seen = events.filter(({ kind }) => kind !== "alerts_folded");
  const made = [state === "ended", resolved_at, decisions, seen, final_report?.sha256, looks.length, service];
  return createHash("sha256").update(JSON.stringify(made)).digest("base64url").slice(0, 22);
}

/** How a case went, by what is kept of it and its last report. */
export function outcomeOf(one: Case, report: Report | null): CaseOutcome {
  const merged = one.events.find(({ kind }) => kind === "pull_request_merged")?.at ?? null;
  const back = one.events.findLast(({ kind }) => kind === "back" || kind === "reopened_as")?.at ?? null;
  const carriedOut = one.decisions.filter(({ carried_out_at: at }) => at !== null);
  const last = carriedOut.findLast(({ decision }) => decision.verb !== "edit") ?? carriedOut.at(-1);
  const cleared = one.resolved_at ?? one.events.findLast(({ kind }) => kind === "resolved")?.at ?? null;
  const { fix } = report ?? {};
  return {
    of: outcomeKey(one),
    outcome: report?.outcome ?? null,
    confidence: report?.confidence.level ?? null,
    family: report?.family ?? null,
    culprit: report?.culprit?.name ?? null,
    summary: short(report?.incident.summary ?? ""),
    root_cause: report?.diagnosis ? short(report.diagnosis.text) : null,
    proposed:
      fix === undefined || fix.kind === "none"
        ? null
        : { kind: fix.kind, title: short(fix.title), service: fix.service, commit: fix.commit },
    decided: last
      ? {
          ...{ verb: last.decision.verb, reason: last.decision.reason, at: Date.parse(last.decision.at) },
          words: last.decision.words === null ? null : short(last.decision.words),
        }
      : null,
    edited: carriedOut.some(({ decision }) => decision.verb === "edit"),
    ...{ merged_at: merged, cleared_at: cleared, came_back_at: back },
    cleared_after_merge_ms: merged !== null && cleared !== null && cleared >= merged ? cleared - merged : null,
    runbook: runbookOf(report),
    tokens: tokensOf(one),
    dollars: dollarsOf(one),
  };
}

const short = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`);

function runbookOf(report: Report | null): CaseOutcome["runbook"] {
  if (!report?.runbook) return null;
  const section = report.evidence.find(({ id }) => id === report.runbook?.evidence_id);
  const [page = "", ...signs] = report.runbook.notes;
  return { page: short(page), url: section?.url ?? "", signs: signs.map(short) };
}
