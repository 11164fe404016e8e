import type { Report } from "@oncall-copilot/core";
import { recordOf } from "../../../../agent-host/src/app/looks/carry.ts";

export const ALERT_AT = Date.parse("2026-03-01T10:00:00Z");

/** A report of a look so many seconds after the alert that would revert a commit of cart. */
export function report(secondsAfter: number, more: Partial<Report> = {}): Report {
  const at = new Date(ALERT_AT + secondsAfter * 1000).toISOString();
  return {
    schema_version: 3,
    incident: { started_at: new Date(ALERT_AT).toISOString() },
    service: "storefront",
    as_of: at,
    engine: { name: "rules", model: null, note: null, complete: true, instead_of: null },
    outcome: "likely_cause",
    confidence: { level: "medium", agreeing: [], why: "" },
    family: "bad_deployment",
    culprit: { name: "cart", kind: "service" },
    candidates: [],
    gaps: [],
    evidence: [],
    fix: { kind: "revert", service: "cart", commit: "a".repeat(40), edits: [], title: "Revert", why: "", verify: "" },
    ...more,
  } as unknown as Report;
}

export const looks = (...reports: readonly Report[]) => reports.map((one, index) => recordOf(one, index + 1));
