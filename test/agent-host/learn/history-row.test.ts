import { describe, expect, it } from "vitest";
import type { Case, CaseEvent } from "../../../agent-host/src/cases/case.ts";
import { historyRowOf } from "../../../agent-host/src/learn/history-row.ts";
import { outcomeOf } from "../../../agent-host/src/learn/outcome-of.ts";
import { caseOf, reportOf, STARTED } from "../slack/views.ts";

const MINUTE = 60_000;
const MERGED: CaseEvent = { at: STARTED + 5 * MINUTE, kind: "pull_request_merged", what: "" };
const BACK: CaseEvent = { at: STARTED + 60 * MINUTE, kind: "reopened_as", what: "case-2" };
const CLEARED = { resolved_at: STARTED + 9 * MINUTE };
const rejected = (reason: "wrong_cause" | "right_cause_wrong_fix"): Case["decisions"] => [
  {
    ...{ id: "1", edits: null, revert: null, carried_out_at: STARTED + 4 * MINUTE, result: "closed", by_hand: false },
    decision: {
      ...{ schema_version: 1, incident: "i", verb: "reject", by: "Ada", at: "2026-03-01T10:04:00Z" },
      ...{ report_sha256: "a".repeat(64), head: "c".repeat(40), reason, words: "it was the database" },
    },
  },
];
const rowOf = (more: Partial<Case>) => {
  const one = caseOf(more);
  return historyRowOf(one, outcomeOf(one, reportOf()));
};

describe("what a case leaves in the history", () => {
  it("is a fix that worked when the alerts cleared after the merge and stayed away", () => {
    const row = rowOf({ ...CLEARED, events: [MERGED] });
    expect(row).toMatchObject({ id: "case-1", alert: "CheckoutErrors", service: "checkout", fix_worked: true });
    expect(row.fix).toBe(reportOf().fix.title);
    expect(row.proposal).toMatch(/: merged$/);
    expect(row.resolved_at).toBe("2026-03-01T10:09:00.000Z");
  });

  it("is a fix that did not work when the alert was back within a day", () => {
    expect(rowOf({ ...CLEARED, events: [MERGED, BACK] }).fix_worked).toBe(false);
  });

  it("is no word on a fix where nothing was merged, or it cleared before the merge", () => {
    expect(rowOf(CLEARED)).toMatchObject({ fix: null, fix_worked: null });
    expect(rowOf({ resolved_at: STARTED + MINUTE, events: [MERGED] }).fix_worked).toBeNull();
  });

  it("is a rejected proposal with its reason, and no cause where people denied it", () => {
    expect(rowOf({ ...CLEARED, decisions: rejected("wrong_cause") })).toMatchObject({
      root_cause: null,
      proposal: expect.stringMatching(/: rejected, wrong cause: "it was the database"$/),
    });
    expect(rowOf({ ...CLEARED, decisions: rejected("right_cause_wrong_fix") }).root_cause).not.toBeNull();
  });
});
