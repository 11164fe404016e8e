import { DeliveryFailed } from "../../deliver/case-delivery.ts";
import type { Case, Lease } from "../case.ts";
import { type CaseAlerts, LeaseLost, type Taken } from "../case-store.ts";
import { RENEW_MS } from "../leases.ts";
import { deliverMessage } from "./deliver-message.ts";
import { followAlerts, withEvent } from "./follow-alerts.ts";
import { keepOutcome } from "./keep-outcome.ts";
import { lookAtDraft } from "./look-at-draft.ts";
import { nextStep, type Step } from "./next-step.ts";
import { giveUp, proposeFix } from "./settle-case.ts";
import { takeLook } from "./take-look.ts";
import type { HeldCase, WorkParts } from "./work-parts.ts";

/** More steps than a case can have in a row: beyond, something turns in circles. */
const MAX_STEPS = 50;
const MIN_BACKOFF_MS = 5_000;
const MAX_BACKOFF_MS = 10 * 60_000;

export type Worked =
  /** Somebody else works on it, or it is gone. */
  | { readonly kind: "not_taken" }
  /** Given back; it is due again then, in epoch milliseconds, or not at all. */
  | { readonly kind: "given_back"; readonly dueAt: number | null };

/** Does all that is due about one case, each step saved before the next, and lets go of it. */
export async function workOnCase(parts: WorkParts, id: string): Promise<Worked> {
  const taken = await parts.store.take(id, parts.worker);
  if (!taken) return { kind: "not_taken" };
  const lost = new AbortController();
  let lease = taken.lease;
  const renewing = setInterval(() => {
    parts.store.renew(lease).then(
      (renewed) => {
        lease = renewed;
      },
      (error: unknown) => {
        if (error instanceof LeaseLost) lost.abort(error);
        else parts.log("a lease could not be renewed", { case: id, why: String(error) });
      },
    );
  }, RENEW_MS);
  renewing.unref();
  const held: HeldCase = {
    id,
    parts,
    trail: await parts.store.trail(id),
    signal: AbortSignal.any([parts.signal, lost.signal]),
    save: (change) => parts.store.change(id, change, lease),
  };
  try {
    return { kind: "given_back", dueAt: await stepByStep(held, taken, () => lease) };
  } catch (error) {
    if (error instanceof LeaseLost || lost.signal.aborted) {
      parts.log("another worker took the case over", { case: id });
      return { kind: "not_taken" };
    }
    return { kind: "given_back", dueAt: await handBack(held, lease, error) };
  } finally {
    clearInterval(renewing);
  }
}

async function stepByStep(held: HeldCase, taken: Taken, lease: () => Lease): Promise<number | null> {
  const { parts, id } = held;
  const { store, now, delivery } = parts;
  const able = {
    delivers: delivery !== null,
    carriesOut: parts.carryOut !== undefined,
    watchesDrafts: parts.lookAtDraft !== undefined,
  };
  let current = taken.case;
  if (current.back_of !== null && current.looks.length === 0) await tellReturn(held, current, current.back_of);
  if (current.attempt) await held.trail.append("recovered", { step: current.attempt.step, by: parts.worker });
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    held.signal.throwIfAborted();
    const alerts = await store.alertsOf(id);
    const followed = followAlerts(current, alerts, now());
    if (followed) current = await held.save((latest) => followAlerts(latest, alerts, now()));
    const step = nextStep(current, alerts, now(), able);
    if (step.kind === "wait") return store.giveBack(lease(), step.until);
    current = await carryOutStep(held, current, alerts, step);
    await parts.stageEnded?.({ caseId: id, stage: nameOf(step), head: held.trail.head() });
  }
  throw new Error(`case ${id} had ${MAX_STEPS} steps in a row, the last at ${current.state}`);
}

async function carryOutStep(
  held: HeldCase,
  current: Case,
  alerts: CaseAlerts,
  step: Exclude<Step, { kind: "wait" }>,
): Promise<Case> {
  switch (step.kind) {
    case "look":
      return takeLook(held, current, step.number);
    case "give_up":
      return giveUp(held, current, step.why);
    case "propose":
      return proposeFix(held, current);
    case "carry_out":
      return carryOutDecision(held, current, step.decision);
    case "look_at_draft":
      return lookAtDraft(held, current);
    case "deliver":
      return held.parts.delivery ? deliverMessage(held, held.parts.delivery, current, alerts) : current;
    case "keep_outcome":
      return keepOutcome(held, current);
    case "end":
      return held.save((latest) => {
        const at = held.parts.now();
        return withEvent(
          { ...latest, state: "ended", ended_at: at },
          { at, kind: "ended", what: "its alerts stayed away" },
        );
      });
  }
}

async function carryOutDecision(held: HeldCase, current: Case, id: string): Promise<Case> {
  const { parts } = held;
  const decided = current.decisions.find((one) => one.id === id);
  if (!decided || !parts.carryOut) return current;
  const { refused, result, head, byHand } = await parts.carryOut(current, decided, held.signal);
  const { by, verb, at, report_sha256, reason } = decided.decision;
  await held.trail.append("decision", { id, by, verb, at, report_sha256, reason, refused, result, head });
  return held.save((latest) => ({
    ...withEvent(latest, { at: parts.now(), kind: "decided", what: `${verb} by ${by}` }),
    pull_request: latest.pull_request && head !== null ? { ...latest.pull_request, commit: head } : latest.pull_request,
    decisions: latest.decisions.map((one) =>
      one.id === id ? { ...one, carried_out_at: refused ? null : parts.now(), result, by_hand: byHand } : one,
    ),
  }));
}

/** The case that this one's alert had before: its message says that it is back, and its fix did not hold. */
async function tellReturn({ parts, id }: HeldCase, { alert }: Case, before: string): Promise<void> {
  if (!(await parts.store.find(before))) return; // it is kept no longer
  await parts.store.change(before, (earlier) =>
    earlier.events.some(({ kind, what }) => kind === "reopened_as" && what === id)
      ? null
      : withEvent(earlier, { at: alert.started_at, kind: "reopened_as", what: id }),
  );
  await parts.store.wake(before, parts.now());
}

const nameOf = (step: Step): string => (step.kind === "look" ? `look-${step.number}` : step.kind);

/** What could not be done now is due again: at once when the process is to end, else after a pause that grows. */
async function handBack(held: HeldCase, lease: Lease, error: unknown): Promise<number | null> {
  const { parts, id } = held;
  const stopping = parts.signal.aborted;
  let failed = 1;
  // A process that is asked to end has not died of what it was doing.
  const uncounted = (current: Case): Case | null => {
    failed = current.attempt?.count ?? 1;
    if (!stopping || current.attempt === null || current.attempt.step === "post") return null;
    const { count } = current.attempt;
    return { ...current, attempt: count > 1 ? { ...current.attempt, count: count - 1 } : null };
  };
  await parts.store.change(id, uncounted, lease);
  if (!stopping)
    parts.log("a step of a case failed", { case: id, why: error instanceof Error ? error.message : String(error) });
  const pause = Math.min(MIN_BACKOFF_MS * 2 ** (failed - 1), MAX_BACKOFF_MS);
  const retryAt = error instanceof DeliveryFailed ? error.retryAt : null;
  return parts.store.giveBack(lease, stopping ? parts.now() : (retryAt ?? parts.now() + pause));
}
