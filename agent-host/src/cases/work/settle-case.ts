import type { Report } from "@oncall-copilot/core";
import type { Case, CaseFailure } from "../case.ts";
import { MAX_ATTEMPTS } from "./next-step.ts";
import { begin, type HeldCase } from "./work-parts.ts";

/** The settled report becomes the final one, with a draft of its fix. What was opened and not saved is found again and not opened twice. */
export async function proposeFix(held: HeldCase, one: Case): Promise<Case> {
  const { store, investigator } = held.parts;
  const last = one.looks.at(-1);
  if (!last) return one;
  const report = investigator.open(await store.document(held.id, last.report));
  if (one.mode === "shadow" || !last.may_propose || report.fix.kind === "none") return settle(held, report, null);
  const count = await begin(held, "propose");
  try {
    return await settle(
      held,
      await investigator.propose(report, { ...held, caseId: held.id, audit: held.trail }),
      null,
    );
  } catch (error) {
    if (held.signal.aborted) throw error;
    const why = `no draft could be opened: ${error instanceof Error ? error.message : String(error)}`;
    await held.trail.append("failed", { step: "propose", attempt: count, why });
    if (count < MAX_ATTEMPTS) return held.save((current) => ({ ...current }));
    return settle(held, report, { at: held.parts.now(), kind: "failed", why });
  }
}

/** An investigation that dies again and again ends with what there is, and its message says so. */
export async function giveUp(held: HeldCase, one: Case, why: string): Promise<Case> {
  const failure: CaseFailure = { at: held.parts.now(), kind: "died", why };
  await held.trail.append("failed", { step: "look", why });
  return held.save((current) => ({
    ...settled(current, held.parts.now()),
    failure,
    final_report: one.looks.at(-1)?.report ?? null,
  }));
}

async function settle(held: HeldCase, report: Report, failure: CaseFailure | null): Promise<Case> {
  const { store, investigator, now } = held.parts;
  const final = await store.keepDocument(held.id, await investigator.seal(report, held.trail.head()));
  const made = report.pull_request;
  await held.trail.append("report_made", { final: true, report_sha256: final.sha256 });
  return held.save((current) => ({
    ...settled(current, now()),
    proposed: true,
    pull_request: made ? { url: made.url, branch: made.branch, commit: made.commit } : null,
    final_report: final,
    failure: failure ?? current.failure,
  }));
}

const settled = (current: Case, at: number): Case => ({
  ...current,
  state: "settled",
  settled_at: at,
  next_look_at: null,
  attempt: null,
});
