import { createHash } from "node:crypto";
import { hasOutcome, outcomeKey } from "../../learn/outcome-of.ts";
import type { Case } from "../case.ts";
import type { CaseAlerts } from "../case-store.ts";
import { isDraftOver, MAX_WATCH_MS, nextDraftLook } from "../draft-state.ts";

/** A step that killed its process this often is not begun again. */
export const MAX_ATTEMPTS = 3;
/** A settled case whose alerts have cleared ends after this, if they stay away. */
export const QUIET_MS = 30 * 60_000;

export type Step =
  | { readonly kind: "look"; readonly number: number }
  | { readonly kind: "give_up"; readonly why: string }
  | { readonly kind: "propose" }
  | { readonly kind: "carry_out"; readonly decision: string }
  | { readonly kind: "look_at_draft" }
  | { readonly kind: "deliver" }
  | { readonly kind: "keep_outcome" }
  | { readonly kind: "end" }
  | { readonly kind: "wait"; readonly until: number | null };

export interface Able {
  readonly delivers: boolean;
  readonly carriesOut: boolean;
  readonly watchesDrafts: boolean;
}

/** What is to be done next about a case, by what was saved of it. Pure: a worker that takes over goes on where the last one was. */
export function nextStep(one: Case, alerts: CaseAlerts, now: number, able: Able): Step {
  if (one.state === "open" && one.final_report === null) {
    const number = one.looks.length + 1;
    if (one.next_look_at !== null && one.next_look_at <= now) {
      const tried = one.attempt?.step === lookStep(number) ? one.attempt.count : 0;
      if (tried >= MAX_ATTEMPTS)
        return { kind: "give_up", why: `the investigation was begun ${tried} times and died each time` };
      return { kind: "look", number };
    }
    if (one.next_look_at === null && one.looks.length > 0) return { kind: "propose" };
  }
  const undone = one.decisions.find(({ carried_out_at, result }) => carried_out_at === null && result === null);
  if (undone && able.carriesOut) return { kind: "carry_out", decision: undone.id };
  const draftAt = able.watchesDrafts && one.state === "settled" ? nextDraftLook(one) : null;
  const endsAt = endOf(one);
  // Before a case ends, its draft is looked at once more: a merge is part of how it ended.
  const last = draftAt !== null && endsAt !== null && endsAt <= now && (one.draft_looked_at ?? 0) < endsAt;
  if (draftAt !== null && (draftAt <= now || last)) return { kind: "look_at_draft" };
  if (able.delivers && one.mode === "live" && hasSomethingToSay(one) && one.message?.shows !== shownOf(one, alerts))
    return { kind: "deliver" };
  if (hasOutcome(one) && one.outcome?.of !== outcomeKey(one)) return { kind: "keep_outcome" };
  if (one.state === "open" && one.next_look_at !== null) return { kind: "wait", until: one.next_look_at };
  if (one.state !== "settled") return { kind: "wait", until: null };
  if (endsAt !== null && endsAt <= now) return { kind: "end" };
  return { kind: "wait", until: earliest(draftAt, endsAt) };
}

export const lookStep = (number: number): string => `look-${number}`;

/** A message without a look or a failure would say what the alert says itself. */
const hasSomethingToSay = ({ looks, failure }: Case): boolean => looks.length > 0 || failure !== null;

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** When nothing more is expected: its alerts have cleared for a while, and nobody has to decide or has done so for two weeks. */
function endOf(one: Case): number | null {
  const { resolved_at, pull_request, decisions } = one;
  if (resolved_at === null) return null;
  const isDecided = decisions.some(({ decision, carried_out_at: at }) => decision.verb !== "edit" && at !== null);
  if (pull_request === null || isDecided || isDraftOver(one)) return resolved_at + QUIET_MS;
  return resolved_at + MAX_WATCH_MS;
}

/** Which message would say the same: a hash of everything in it that may change. */
export function shownOf(one: Case, { total, firing, services }: CaseAlerts): string {
  const { state, looks, next_look_at, final_report, pull_request, failure, decisions, events, resolved_at } = one;
  const report = final_report ?? looks.at(-1)?.report ?? null;
  const says = [
    state,
    report?.sha256,
    next_look_at,
    pull_request,
    failure,
    decisions,
    events,
    resolved_at,
    total,
    firing,
  ];
  return createHash("sha256")
    .update(JSON.stringify([...says, services.length]))
    .digest("hex");
}
