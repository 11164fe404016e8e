import { describe, expect, it } from "vitest";
import type { Case } from "../../../agent-host/src/cases/case.ts";
import { allCases } from "../../../agent-host/src/learn/all-cases.ts";
import { outcomeOf } from "../../../agent-host/src/learn/outcome-of.ts";
import { backlogCsv, backlogMarkdown, runbookBacklog } from "../../../agent-host/src/learn/runbook-backlog.ts";
import { scoreOf, scoresOf } from "../../../agent-host/src/learn/scoreboard.ts";
import { scoreboardHtml, scoreboardText } from "../../../agent-host/src/learn/scoreboard-text.ts";
import { caseOf, REF, reportOf, STARTED } from "../slack/views.ts";

const MINUTE = 60_000;
const DRAFT = { url: "https://github.com/example/shop/pull/1", branch: "oncall/x", commit: "c".repeat(40) };
const lookOf = (minutes: number, dollars: number | null = 0): Case["looks"][number] => ({
  ...{ number: 1, began_at: STARTED, ended_at: STARTED + minutes * MINUTE, engine: "claude", note: null },
  ...{ outcome: "likely_cause", confidence: "medium", culprit: "pricing", may_propose: true, report: REF },
  ...{ input_tokens: 900, output_tokens: 100, dollars },
});
const decided = (verb: "approve" | "reject", reason: "wrong_cause" | "known" | null = null): Case["decisions"] => [
  {
    ...{ id: "1", edits: null, revert: null, carried_out_at: STARTED + MINUTE, result: "done", by_hand: false },
    decision: {
      ...{ schema_version: 1, incident: "i", verb, by: "Ada", at: "2026-03-01T10:04:00Z" },
      ...{ report_sha256: "a".repeat(64), head: "c".repeat(40), reason, words: null },
    },
  },
];
const withOutcome = (more: Partial<Case>, notes?: string[]): Case => {
  const one = caseOf({ pull_request: DRAFT, looks: [lookOf(2)], ...more });
  const runbook = notes ? { evidence_id: "rcccccccccccccccc", notes } : reportOf().runbook;
  return { ...one, outcome: outcomeOf(one, reportOf({ runbook })) };
};
const of = { team: "web", month: "2026-03" };

describe("the scoreboard", () => {
  it("counts what was approved, rejected and why, what held, and medians from the alert's start", () => {
    const merged = [{ at: STARTED + 5 * MINUTE, kind: "pull_request_merged", what: "" }] as const;
    const back = { at: STARTED + 90 * MINUTE, kind: "reopened_as", what: "case-9" } as const;
    const score = scoreOf(
      [
        withOutcome({ decisions: decided("approve"), events: [...merged], resolved_at: STARTED + 10 * MINUTE }),
        withOutcome({ decisions: decided("approve"), events: [...merged, back], resolved_at: STARTED + 20 * MINUTE }),
        withOutcome({ decisions: decided("reject", "wrong_cause"), looks: [lookOf(4, 0.5)] }),
        withOutcome({ looks: [lookOf(6, null)] }),
      ],
      of,
    );
    expect(score).toMatchObject({
      ...{ cases: 4, shadow: 0, minutes_to_report: 3, minutes_to_resolution: 15, proposed: 4 },
      ...{ approved: 2, edited: 0, rejected: 1, rejected_by_reason: { wrong_cause: 1 }, undecided: 1 },
      ...{ wrong_causes: 1, merged: 2, fixes_worked: 1, fixes_failed: 1, tokens: 4_000, dollars: 0.5, unpriced: 1 },
    });
  });

  it("has a line for each team and month, and shows nobody's text as anything but text", () => {
    const later = { ...caseOf().alert, started_at: Date.parse("2026-04-02T00:00:00Z") };
    const scores = scoresOf([caseOf(), caseOf({ service: "pricing" }), caseOf({ alert: later })], (service) =>
      service === "pricing" ? "<b>money</b>" : "web",
    );
    expect(scores.map(({ month, team, cases }) => [month, team, cases])).toEqual([
      ["2026-03", "<b>money</b>", 1],
      ["2026-03", "web", 1],
      ["2026-04", "web", 1],
    ]);
    expect(scoreboardText(scores).trimEnd().split("\n")).toHaveLength(4);
    expect(scoreboardHtml(scores, STARTED)).toContain("&lt;b&gt;money&lt;/b&gt;");
  });
});

describe("the backlog of runbooks", () => {
  const old = (days: number) => [`Pricing, version 3`, `not updated for ${days} days`];
  it("has the pages that looked out of date, most met first, with each sign counted", () => {
    const pages = runbookBacklog([
      withOutcome({}, old(400)),
      withOutcome({}, [...old(410), "names a command that is gone"]),
      withOutcome({}, ["Pricing, version 3"]),
    ]);
    expect(pages).toMatchObject([
      {
        ...{ url: "https://wiki.example.test/pricing", cases: 2 },
        signs: [{ cases: 2 }, { sign: "names a command that is gone", cases: 1 }],
      },
    ]);
    expect(backlogMarkdown(pages)).toContain("](<https://wiki.example.test/pricing>) | 2 |");
  });

  it("gives a sheet no formula and Markdown no link of a page's own making", () => {
    const pages = runbookBacklog([withOutcome({}, ["=HYPERLINK(1) | [x](http://evil)", 'says "old"'])]);
    expect(backlogCsv(pages)).toContain(`"'=HYPERLINK(1)`);
    expect(backlogCsv(pages)).toContain('"says ""old"""');
    expect(backlogMarkdown(pages)).toContain("\\| \\[x\\]");
  });
});

describe("all cases", () => {
  it("are read a page at a time, none twice and none left out, also where many were opened at once", async () => {
    const kept = Array.from({ length: 450 }, (_, index) =>
      caseOf({ id: `case-${index}`, opened_at: STARTED - Math.floor(index / 90) * 1_000 }),
    );
    const list = async ({ before = Number.POSITIVE_INFINITY, limit = 50 } = {}) =>
      kept.filter(({ opened_at: at }) => at < before).slice(0, limit);
    const ids = new Set<string>();
    let count = 0;
    for await (const { id } of allCases({ list })) {
      ids.add(id);
      count++;
    }
    expect([ids.size, count]).toEqual([450, 450]);
  });
});
