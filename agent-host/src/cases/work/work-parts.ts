import type { AuditTrail } from "../../audit/audit-trail.ts";
import type { CaseDelivery } from "../../deliver/case-delivery.ts";
import type { Case, CaseDecision } from "../case.ts";
import type { CaseChange, CaseStore } from "../case-store.ts";
import type { CaseOutcome } from "../outcome.ts";
import type { Investigator } from "./investigator.ts";
import type { Limits } from "./limits.ts";

/** The end of a stage, for whoever signs a trail's head. */
export interface StageEnd {
  readonly caseId: string;
  /** `look-1`, `propose`, `deliver`, ... */
  readonly stage: string;
  /** The hash of the newest entry of the case's trail. */
  readonly head: string;
}

/** Everything that a worker needs, whichever process it runs in. */
export interface WorkParts {
  /** Named in leases. */
  readonly worker: string;
  readonly store: CaseStore;
  readonly investigator: Investigator;
  /** Null: nobody is told. */
  readonly delivery: CaseDelivery | null;
  readonly limits: Limits;
  /** The longest that a look may take, in milliseconds. */
  readonly maxLookMs: number;
  readonly now: () => number;
  /** Aborts when the process is to end: what is held is handed back. */
  readonly signal: AbortSignal;
  /** Carries out what a person decided; asked again for the same decision, it does nothing more. */
  carryOut?(one: Case, decision: CaseDecision, signal: AbortSignal): Promise<CarriedOut>;
  /** What the draft is now where it lies; null when that cannot be told. @throws Error when it is worth another try */
  lookAtDraft?(one: Case, signal: AbortSignal): Promise<DraftSeen | null>;
  /** Told how a case went, each time that moves: for the team's own history. */
  learned?(one: Case, outcome: CaseOutcome): Promise<void>;
  /** Told when a stage has been saved. */
  stageEnded?(end: StageEnd): Promise<void>;
  /** For whoever watches the process. */
  log(message: string, about: Readonly<Record<string, unknown>>): void;
}

/** A draft as it lies at the code host. */
export interface DraftSeen {
  readonly status: "draft" | "open" | "merged" | "closed";
  /** What its branch is at. */
  readonly head: string;
  /** When it was merged or closed, in epoch milliseconds; null while it is open, and where that is not known. */
  readonly overAt: number | null;
}

/** What came of a decision. */
export interface CarriedOut {
  /** It was not carried out and will not be: another one may be made. */
  readonly refused: boolean;
  /** In words, for the message. */
  readonly result: string;
  /** What the draft's branch is at now. */
  readonly head: string | null;
  /** What is left for a person to do where the draft lies: mark it as ready. */
  readonly byHand: boolean;
}

/** One case while it is held. */
export interface HeldCase {
  readonly id: string;
  readonly parts: WorkParts;
  readonly trail: AuditTrail;
  /** Aborts when the process is to end or the lease is lost. */
  readonly signal: AbortSignal;
  /** Saves; @throws LeaseLost when another worker has it by now. */
  save(change: CaseChange): Promise<Case>;
}

/** Marks that a step is begun, so that one which kills its process is known. Gives how often it was begun, this time included. */
export async function begin(held: HeldCase, step: string): Promise<number> {
  const saved = await held.save((current) => {
    const count = current.attempt?.step === step ? current.attempt.count + 1 : 1;
    return { ...current, attempt: { step, count, began_at: held.parts.now() } };
  });
  return saved.attempt?.count ?? 1;
}
