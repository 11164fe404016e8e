import type { Incident, Report } from "@oncall-copilot/core";
import type { AuditTrail } from "../../audit/audit-trail.ts";

export interface LookRequest {
  readonly caseId: string;
  readonly incident: Incident;
  /** From 1. */
  readonly number: number;
  /** `rules` costs nothing and needs no model; `configured` is whatever the settings choose. */
  readonly engine: "configured" | "rules";
  /** Why the rules, for the report's first line; null when they were not forced. */
  readonly note: string | null;
  /** What the last look left for this one; null at the first. */
  readonly carry: string | null;
  readonly audit: AuditTrail;
  readonly signal: AbortSignal;
}

export interface LookResult {
  /** Verified; without a pull request. */
  readonly report: Report;
  /** When to look again, in epoch milliseconds; null when it is settled. */
  readonly nextLookAt: number | null;
  /** Whether its fix may become a draft, should this be the last look. */
  readonly mayPropose: boolean;
  readonly carry: string | null;
  /** Null when the model's price is not known. */
  readonly dollars: number | null;
}

/** What a case's worker asks of the application: it knows no engine, no tool and no model. */
export interface Investigator {
  look(request: LookRequest): Promise<LookResult>;
  /** Turns the fix of a settled report into a draft. Asked again for the same report, it gives the first draft. */
  propose(report: Report, request: Pick<LookRequest, "caseId" | "audit" | "signal">): Promise<Report>;
  /** The report's bytes as they are kept and sent, signed over it and over where the case's trail stands. */
  seal(report: Report, auditHead: string): Promise<string>;
  /** Reads them back. @throws Error when they were changed. */
  open(text: string): Report;
}
