import type { Report } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import type { Expected } from "./expected.ts";
import { judge } from "./judgement.ts";

const GUILTY = "a".repeat(40);
const ROLLOUT = "b".repeat(40);
const DECOY = "c".repeat(40);

const expected: Expected = {
  ...{ root_cause: { service: "loyalty", kind: "service", accept: [] }, family: "bad_deployment" },
  ...{ decoys: [DECOY], held_out: false },
  fix: { files: ["loyalty.py"], culprit_commit: GUILTY, rollout: { commit: ROLLOUT, files: ["values.yaml"] } },
};
const RIGHT = { culprit: true, family: true, first: true };

const report = (more: object): Report =>
  ({
    ...{ outcome: "likely_cause", confidence: { level: "medium" }, family: "bad_deployment" },
    ...{ fix: { kind: "none", commit: null } },
    ...more,
  }) as Report;
const reverting = (commit: string, more: object = {}) => report({ fix: { kind: "revert", commit }, ...more });

describe("what a report says of the commit", () => {
  it.each([
    ["the guilty one", GUILTY],
    ["the roll-out that carried it", ROLLOUT],
  ])("is right when it takes back %s", (_, commit) => {
    expect(judge(reverting(commit), expected, RIGHT)).toMatchObject({ commit: true, innocentDraft: false });
  });

  it("is a draft against what is innocent when it takes back any other", () => {
    const judged = judge(reverting(DECOY, { confidence: { level: "high" } }), expected, RIGHT);
    expect(judged).toEqual({ commit: false, innocentDraft: true, wrongHigh: true, rightSoFar: false });
  });

  it("is not right when it takes back none though one is guilty, and harms nobody", () => {
    expect(judge(report({}), expected, RIGHT)).toMatchObject({ commit: false, innocentDraft: false });
  });
});

describe("a report is right so far", () => {
  const open = { outcome: "inconclusive", confidence: { level: "low" }, family: "other" };
  const unnamed = { culprit: false, family: false, first: true };

  it("when it settles nothing yet and suspects the right one first", () => {
    expect(judge(report(open), expected, unnamed).rightSoFar).toBe(true);
    expect(judge(report(open), expected, { ...unnamed, first: false }).rightSoFar).toBe(false);
  });

  it("not when it says that nothing is wrong, which is a verdict", () => {
    expect(judge(report({ ...open, family: "no_fault" }), expected, unnamed).rightSoFar).toBe(false);
  });

  it("not when it names another, however likely", () => {
    expect(judge(report({}), expected, { culprit: false, family: true, first: true }).rightSoFar).toBe(false);
  });
});
