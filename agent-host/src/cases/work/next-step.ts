import { createHash } from "node:crypto";
import type { Case } from "../case.ts";
import type { CaseAlerts } from "../case-store.ts";

/** A step that killed its process this often is not begun again. */
export const MAX_ATTEMPTS = 3;
/** A settled case whose alerts have cleared ends after this, if they stay away. */
export const QUIET_MS = 30 * 60_000;

export type Step =
  | { readonly kind: "look"; readonly number: number }
  | { readonly kind: "give_up"; readonly why: string }
  | { readonly kind: "propose" }
  | { readonly kind: "carry_out"; readonly decision: string }
  | { readonly kind: "deliver" }
  | { readonly kind: "end" }
  | { readonly kind: "wait"; readonly until: number | null };

export interface Able {
  readonly delivers: boolean;
  readonly carriesOut: boolean;
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
  if (able.delivers && one.mode === "live" && hasSomethingToSay(one) && one.message?.shows !== shownOf(one, alerts))
    return { kind: "deliver" };
  if (one.state === "open" && one.next_look_at !== null) return { kind: "wait", until: one.next_look_at };
  const endsAt = endOf(one);
  if (one.state !== "settled" || endsAt === null) return { kind: "wait", until: null };
  return endsAt <= now ? { kind: "end" } : { kind: "wait", until: endsAt };
}

export const lookStep = (number: number): string => `look-${number}`;

/** A message without a look or a failure would say what the alert says itself. */
const hasSomethingToSay = ({ looks, failure }: Case): boolean => looks.length > 0 || failure !== null;

/** When nothing more is expected: its alerts have cleared for a while, and nobody has to decide. */
function endOf({ resolved_at, pull_request, decisions }: Case): number | null {
  if (resolved_at === null) return null;
  const isDecided = decisions.some((one) => one.decision.verb !== "edit" && one.carried_out_at !== null);
  return pull_request === null || isDecided ? resolved_at + QUIET_MS : null;
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
