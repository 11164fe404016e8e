import type { Incident, Report } from "@oncall-copilot/core";
import type { Case, CaseFailure, Look } from "../case.ts";
import type { LookResult } from "./investigator.ts";
import { type Admission, admit } from "./limits.ts";
import { lookStep, MAX_ATTEMPTS } from "./next-step.ts";
import { begin, type HeldCase } from "./work-parts.ts";

/** One look at a case: begun, made, and saved whole with its report. What goes wrong with it is saved as well. */
export async function takeLook(held: HeldCase, one: Case, number: number): Promise<Case> {
  const { parts, id } = held;
  const { store, now, maxLookMs } = parts;
  const step = lookStep(number);
  const failedBefore = one.attempt?.step === step ? one.failure : null;
  const count = await begin(held, step);
  const beganAt = now();
  const admitted = await admission(held, one, count, beganAt + maxLookMs);
  const late = AbortSignal.timeout(maxLookMs);
  let result: LookResult;
  try {
    const incident = await store.incidentOf(id);
    if (incident === null) throw new Error("none of its alerts is kept any more");
    if (number === 1 && count === 1) await held.trail.append("alert_received", received(incident));
    result = await parts.investigator.look({
      caseId: id,
      incident,
      number,
      engine: admitted.model ? "configured" : "rules",
      note: admitted.model ? null : admitted.why,
      carry: one.carry === null ? null : await store.document(id, one.carry),
      audit: held.trail,
      signal: AbortSignal.any([held.signal, late]),
    });
  } catch (error) {
    if (held.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const failure: CaseFailure = late.aborted
      ? { at: now(), kind: "late", why: `look ${number} took longer than ${maxLookMs / 1000} s` }
      : { at: now(), kind: "failed", why: `look ${number} failed: ${why}` };
    await held.trail.append("failed", { look: number, attempt: count, ...failure });
    return held.save((current) => ({ ...current, failure }));
  } finally {
    if (admitted.model) await admitted.release();
  }
  return saveLook(held, { number, beganAt, result, failure: failureOf(result.report, admitted, failedBefore, count) });
}

function received({ fingerprint, source, alert, service, severity, started_at, related }: Incident) {
  return { fingerprint, source, alert, service, severity, started_at, alerts: related.length + 1 };
}

/** Whether the model is asked: not after a look that failed or killed its process, and not over a limit. */
async function admission(held: HeldCase, one: Case, count: number, until: number): Promise<Admission> {
  const failed = one.attempt && count > 1 ? one.failure : null;
  if (failed) return { model: false, why: `${failed.why}; the rules engine looked instead` };
  if (count >= MAX_ATTEMPTS)
    return { model: false, why: `the investigation died ${count - 1} times; the rules engine looked instead` };
  return admit(held.parts.store.ledger, held.parts.limits, one, until);
}

/** What the message must say of how this look came about; null when it went as it should. */
function failureOf(report: Report, admitted: Admission, failed: CaseFailure | null, count: number): CaseFailure | null {
  const { complete, note } = report.engine;
  const at = Date.parse(report.as_of);
  if (failed) return failed;
  if (!admitted.model) return { at, kind: count >= MAX_ATTEMPTS ? "died" : "over_budget", why: admitted.why };
  return complete ? null : { at, kind: "over_budget", why: note ?? "the engine's budget was spent before it was done" };
}

interface MadeLook {
  readonly number: number;
  readonly beganAt: number;
  readonly result: LookResult;
  readonly failure: CaseFailure | null;
}

async function saveLook(held: HeldCase, { number, beganAt, result, failure }: MadeLook): Promise<Case> {
  const { store, investigator, now } = held.parts;
  const { report, nextLookAt, carry, dollars } = result;
  const document = await store.keepDocument(held.id, await investigator.seal(report, held.trail.head()));
  const kept = carry === null ? null : await store.keepDocument(held.id, carry);
  const { input_tokens, output_tokens } = report.cost;
  await store.ledger.record(held.id, beganAt, { tokens: input_tokens + output_tokens, dollars });
  const look: Look = {
    number,
    began_at: beganAt,
    ended_at: now(),
    engine: report.engine.name,
    note: report.engine.note,
    outcome: report.outcome,
    confidence: report.confidence.level,
    culprit: report.culprit?.name ?? null,
    may_propose: result.mayPropose,
    report: document,
    input_tokens,
    output_tokens,
    dollars,
  };
  const { outcome, culprit, engine } = look;
  await held.trail.append("report_made", { look: number, outcome, culprit, engine, report_sha256: document.sha256 });
  return held.save((current) => ({
    ...current,
    service: report.service ?? current.service,
    looks: [...current.looks, look],
    next_look_at: nextLookAt,
    carry: kept,
    attempt: null,
    failure,
  }));
}
