import type { ProposedFix } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { gateByTrial } from "../../../agent-host/src/trial/gate.ts";
import { weigh } from "../../../agent-host/src/trial/trial.ts";
import { ALERT, at, change } from "../rules/given.ts";

const TURN = { at: Date.parse(at("09:57:00")), blur: 60_000 };
const facts = { culprit: "pricing", turn: TURN, climbsSince: null, alertAt: ALERT, outside: null };
const accused = (letter: string, touches: string[] = ["code"]) => {
  const when = at("09:56:00");
  const one = change("pricing", when, { sha: letter.repeat(40), touches });
  return { change: one, service: "pricing", at: Date.parse(when), near: true };
};

const report = (commit: string | null) => ({
  outcome: "root_cause_identified" as const,
  family: "bad_deployment" as const,
  confidence: { level: "high" as const, agreeing: [], why: "three kinds agree" },
  fix: {
    ...{ kind: commit === null ? "none" : "revert", service: "pricing", commit, edits: [] },
    ...{ title: "Revert it", why: "", verify: "" },
  } as ProposedFix,
});

describe("what a report may say in the light of the trial", () => {
  it("lets the revert of the one that is held responsible through, and how sure it is", () => {
    const sure = report("a".repeat(40));
    expect(gateByTrial(sure, weigh([accused("a")], facts))).toEqual({ judged: sure, cut: [] });
  });

  it("takes back none of several that nothing tells apart, and is not sure", () => {
    const { judged, cut } = gateByTrial(report("a".repeat(40)), weigh([accused("a"), accused("b")], facts));
    expect(judged).toMatchObject({ outcome: "likely_cause", confidence: { level: "medium" }, fix: { kind: "none" } });
    expect(cut).toMatchObject([{ what: "fix", why: "2 commits could have done it and nothing tells them apart" }]);
  });

  it("takes the roll-out back as a whole where one commit names its build, and is not sure", () => {
    const trial = weigh([accused("a"), accused("b"), accused("c", ["image"])], facts);
    const { judged, cut } = gateByTrial(report("c".repeat(40)), trial);
    expect(cut).toEqual([]);
    expect(judged).toMatchObject({ outcome: "likely_cause", confidence: { level: "medium" }, fix: { kind: "revert" } });
    expect(gateByTrial(report("a".repeat(40)), trial).judged.fix.kind).toBe("none");
  });

  it("takes back none where the commits could not be seen", () => {
    const { judged, cut } = gateByTrial(report("a".repeat(40)), undefined);
    expect(judged.fix.kind).toBe("none");
    expect(cut[0]?.why).toContain("could not be put on trial");
  });

  it("has nothing to say of what accuses no commit", () => {
    const full = { ...report(null), family: "undersized_hpa" as const };
    expect(gateByTrial(full, undefined)).toEqual({ judged: full, cut: [] });
  });
});
