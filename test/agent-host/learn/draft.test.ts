import { describe, expect, it } from "vitest";
import type { Case } from "../../../agent-host/src/cases/case.ts";
import { nextDraftLook } from "../../../agent-host/src/cases/draft-state.ts";
import { afterLook } from "../../../agent-host/src/cases/work/look-at-draft.ts";
import { nextStep } from "../../../agent-host/src/cases/work/next-step.ts";
import { caseOf, STARTED } from "../slack/views.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DRAFT = { url: "https://github.com/example/shop/pull/1", branch: "oncall/x", commit: "c".repeat(40) };
const SETTLED = STARTED + MINUTE;
const drafted = (more: Partial<Case> = {}): Case => caseOf({ pull_request: DRAFT, ...more });
const approved = (byHand: boolean): Case["decisions"] => [
  {
    ...{ id: "1", edits: null, revert: null, carried_out_at: SETTLED + MINUTE, result: "noted", by_hand: byHand },
    decision: {
      ...{ schema_version: 1, incident: "i", verb: "approve", by: "Ada", at: "2026-03-01T10:02:00Z" },
      ...{ report_sha256: "a".repeat(64), head: DRAFT.commit, reason: null, words: null },
    },
  },
];
const ABLE = { delivers: false, carriesOut: false, watchesDrafts: true };
const ALERTS = { total: 1, firing: 1, services: [], alerts: [] };

describe("a draft that is open", () => {
  it("is looked at ever more rarely, at once when the alerts have cleared, and for two weeks at the most", () => {
    const times: number[] = [];
    for (let one = drafted(); ; ) {
      const at = nextDraftLook(one);
      if (at === null) break;
      times.push(at);
      one = { ...one, draft_looked_at: at };
    }
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(times[0]).toBe(SETTLED + MINUTE);
    expect(gaps.every((gap, index) => gap >= (gaps[index - 1] ?? 0))).toBe(true);
    expect(times.length).toBeLessThan(90);
    expect((times.at(-1) ?? 0) - SETTLED).toBeLessThanOrEqual(14 * DAY);
    const seen = SETTLED + 30 * MINUTE;
    expect(nextDraftLook(drafted({ draft_looked_at: seen, resolved_at: seen + 5_000 }))).toBe(seen + 5_000);
  });

  it("that people have merged or closed is told in the message, and not looked at any more", () => {
    for (const [status, kind] of [
      ["merged", "pull_request_merged"],
      ["closed", "pull_request_closed"],
    ] as const) {
      const after = afterLook(drafted(), { status, head: DRAFT.commit, overAt: SETTLED + 30_000 }, SETTLED + MINUTE);
      expect(after.events).toMatchObject([{ kind, at: SETTLED + 30_000 }]);
      expect(nextDraftLook(after)).toBeNull();
    }
  });

  it("of which nothing can be told stays as it was until the next look", () => {
    const after = afterLook(drafted(), null, SETTLED + MINUTE);
    expect(after).toEqual(drafted({ draft_looked_at: SETTLED + MINUTE }));
  });

  it("takes the commit that a person has pushed, so that the next approval is bound to that", () => {
    const after = afterLook(drafted(), { status: "draft", head: "d".repeat(40), overAt: null }, SETTLED + MINUTE);
    expect(after.pull_request?.commit).toBe("d".repeat(40));
  });

  it("is no longer waited for by hand once somebody has marked it as ready", () => {
    const waiting = drafted({ decisions: approved(true) });
    expect(
      afterLook(waiting, { status: "draft", head: DRAFT.commit, overAt: null }, SETTLED).decisions[0]?.by_hand,
    ).toBe(true);
    expect(
      afterLook(waiting, { status: "open", head: DRAFT.commit, overAt: null }, SETTLED).decisions[0]?.by_hand,
    ).toBe(false);
  });
});

describe("a case whose draft is watched", () => {
  it("has its draft looked at once more before it ends, and ends two weeks after it cleared where nobody decides", () => {
    const cleared = SETTLED + 10 * MINUTE;
    const outcome = { of: "" } as Case["outcome"];
    const one = drafted({ resolved_at: cleared, draft_looked_at: cleared, decisions: approved(false), outcome });
    expect(nextStep(one, ALERTS, cleared + 30 * MINUTE, ABLE)).toEqual({ kind: "look_at_draft" });
    const waits = drafted({ resolved_at: cleared, draft_looked_at: cleared + 14 * DAY });
    const step = nextStep(waits, ALERTS, cleared + 14 * DAY, ABLE);
    expect(step).toEqual({ kind: "keep_outcome" });
  });
});
