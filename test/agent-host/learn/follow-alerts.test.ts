import { expect, it } from "vitest";
import type { Case } from "../../../agent-host/src/cases/case.ts";
import { followAlerts } from "../../../agent-host/src/cases/work/follow-alerts.ts";
import { nextStep } from "../../../agent-host/src/cases/work/next-step.ts";
import { caseOf, DRAFT, REF, STARTED } from "../slack/views.ts";

const MINUTE = 60_000;
const NOW = STARTED + 9 * MINUTE;
const FIRING = { total: 2, firing: 1, services: [], alerts: [] };
const look = (culprit: string | null): Case["looks"][number] => ({
  ...{ number: 1, began_at: STARTED, ended_at: STARTED + MINUTE, engine: "rules", note: null, outcome: "inconclusive" },
  ...{ confidence: "low", culprit, may_propose: false, report: REF, input_tokens: 0, output_tokens: 0, dollars: 0 },
});
const cleared = (more: Partial<Case>) => caseOf({ resolved_at: STARTED + 6 * MINUTE, looks: [look(null)], ...more });

it("a case that was settled without a cause is looked at afresh when something of it fires again", () => {
  const again = followAlerts(cleared({}), FIRING, NOW);
  expect(again).toMatchObject({ state: "open", resolved_at: null, final_report: null, carry: null });
  expect(again?.events).toMatchObject([{ kind: "back", what: "3 min after it had cleared" }]);
  const able = { delivers: true, carriesOut: true, watchesDrafts: true };
  expect(again && nextStep(again, FIRING, NOW, able)).toEqual({ kind: "look", number: 2 });
});

it("one whose cause is known, or whose draft waits, is told to fire again and not looked at anew", () => {
  for (const known of [{ looks: [look("pricing")] }, { pull_request: DRAFT }]) {
    expect(followAlerts(cleared(known), FIRING, NOW)).toMatchObject({ state: "settled", final_report: REF });
  }
});
