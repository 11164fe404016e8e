import type { Incident } from "@oncall-copilot/core";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { Case, CaseAlert, CaseDecision, CaseState, DocumentRef, Lease } from "./case.ts";
import type { Ledger } from "./ledger.ts";

/** What became of an alert. */
export interface Claimed {
  /**
   * `new`: it opened a case · `repeat`: delivered before · `folded`: part of a case's storm · `back`: an alert of a case fires again ·
   * `resolved`: an alert of a case has cleared · `ignored`: it has cleared, and nobody had heard of it.
   */
  readonly outcome: "new" | "repeat" | "folded" | "back" | "resolved" | "ignored";
  readonly caseId: string | null;
  /** When whoever works on cases should look at this one, in epoch milliseconds; null when nothing changed. */
  readonly wakeAt: number | null;
}

export interface ClaimOptions {
  /** When the door received it, in epoch milliseconds. Default: now. */
  readonly receivedAt?: number;
}

/** A case for whoever took it, with the lease its writes need. */
export interface Taken {
  readonly case: Case;
  readonly lease: Lease;
}

/** A case that something is still to be done about. */
export interface DueCase {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

/** The alerts of a case, counted: a storm has more than a reader can take in. */
export interface CaseAlerts {
  readonly total: number;
  readonly firing: number;
  /** Catalog names, or as the alert spells it, each with how many of its alerts fire or fired; most first. */
  readonly services: readonly { readonly name: string; readonly alerts: number }[];
  /** The earliest first; `MAX_ALERTS_LISTED` at the most. */
  readonly alerts: readonly CaseAlert[];
}

export interface ListOptions {
  readonly state?: CaseState;
  /** Only cases that were opened before this instant, in epoch milliseconds. */
  readonly before?: number;
  /** Default 50. */
  readonly limit?: number;
}

/** What is done to a case in one step; null leaves it as it is. Run again when somebody else changed it meanwhile: it must be pure. */
export type CaseChange = (current: Case) => Case | null;

/**
 * What is open lives here: one SQLite file, or one DynamoDB table. Whatever resolves is durable. Every method may throw
 * `StoreUnavailable`, and then may or may not have been carried out: all of them can be asked again.
 */
export interface CaseStore {
  /** Where it is, for messages. */
  readonly name: string;
  /** Makes an alert part of exactly one case, whoever delivers it and however often. */
  claim(incident: Incident, options?: ClaimOptions): Promise<Claimed>;
  find(id: string): Promise<Case | null>;
  /** Newest first. */
  list(options?: ListOptions): Promise<readonly Case[]>;
  /** Cases that something is still to be done about, the most urgent first. */
  due(): Promise<readonly DueCase[]>;
  alertsOf(id: string): Promise<CaseAlerts>;
  /** The alerts to investigate, whole: the one the graph chose, with the others as its `related`; null when there is no such case. */
  incidentOf(id: string): Promise<Incident | null>;
  /** Null when somebody else works on it, or there is no such case. */
  take(id: string, worker: string): Promise<Taken | null>;
  /** @throws LeaseLost */
  renew(lease: Lease): Promise<Lease>;
  /** Lets go of it. It is due again at `dueAt`; null when nothing more is to be done. Gives when it is due: what came meanwhile stays so. */
  giveBack(lease: Lease, dueAt: number | null): Promise<number | null>;
  /** @throws CaseNotFound, and LeaseLost when a lease is given that no longer holds. */
  change(id: string, change: CaseChange, lease?: Lease): Promise<Case>;
  /** Has it looked at by this instant, if that is earlier than what is planned. */
  wake(id: string, at: number): Promise<void>;
  /**
   * Records what a person decided. Approval and rejection are final: of two at once, one is kept.
   *
   * @throws DecisionRefused with why, in words for whoever clicked. `permits` says why not, looking at the case as it is at that moment.
   */
  decide(id: string, decision: CaseDecision, permits?: (current: Case) => string | null): Promise<Case>;
  keepDocument(id: string, text: string): Promise<DocumentRef>;
  /** @throws CaseNotFound when a part is gone. */
  document(id: string, ref: DocumentRef): Promise<string>;
  /** True for the first who asks within `forMs`: so that an interaction that is sent again is carried out once. */
  once(key: string, forMs: number): Promise<boolean>;
  /** The audit trail of a case, to which any process may append. */
  trail(id: string): Promise<AuditTrail>;
  /** The same as JSON Lines; empty when there is none. */
  trailText(id: string): Promise<string>;
  readonly ledger: Ledger;
  /** Removes what is kept no longer; gives how many items went. On AWS the table's own expiry does it. */
  prune(): Promise<number>;
  close(): Promise<void>;
}

/** The case store cannot be reached, or is busy: the sender should deliver again. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** A newer version of this software has written to the store. */
export class StoreTooNew extends Error {
  override readonly name = "StoreTooNew";
}

export class CaseNotFound extends Error {
  override readonly name = "CaseNotFound";
  constructor(id: string) {
    super(`there is no case ${id}; \`oncall cases\` lists those that are kept`);
  }
}

/** Somebody else took the case over when its lease ran out: stop working on it, and write nothing. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  constructor(id: string) {
    super(`the lease on case ${id} ran out and another worker took it over; nothing more is written by this one`);
  }
}

/** The message says why, for whoever decided. */
export class DecisionRefused extends Error {
  override readonly name = "DecisionRefused";
}
