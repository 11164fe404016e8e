import { describe, expect, it } from "vitest";
import { gateByTrial } from "../../../agent-host/src/trial/gate.ts";
import { type Trial, weigh } from "../../../agent-host/src/trial/trial.ts";
import { answer, callTools } from "../../support/messages-api/turns.ts";
import type { RequestView } from "../../support/messages-api/view.ts";
import { change } from "../rules/given.ts";
import { SHA } from "./tools.ts";
import { goodDraft, readAll, world } from "./world.ts";

const ALERT = Date.parse("2026-03-01T10:00:00Z");
const TURN = { at: ALERT - 3 * 60_000, blur: 60_000 };
const facts = { culprit: "pricing", turn: TURN, climbsSince: null, alertAt: ALERT, outside: null };

/** A commit that pricing got so many minutes before it turned. */
function accused(sha: string, minutesBefore = 2) {
  const at = TURN.at - minutesBefore * 60_000;
  const when = new Date(at).toISOString();
  return { change: change("pricing", when, { sha, touches: ["code"] }), service: "pricing", at, near: true };
}

/** The report of a model that is sure and wants to take back the commit SHA, in the light of a trial. */
async function gated(trial: Trial | undefined) {
  const script = (view: RequestView) => (view.number === 1 ? callTools(readAll) : answer(goodDraft(view)));
  const { run } = await world({ script });
  const { draft } = await run();
  if (!draft) throw new Error("the scripted model made no report");
  const { fix, family } = draft;
  const confidence = { level: "high" as const, agreeing: [], why: "three kinds agree" };
  return gateByTrial({ outcome: "root_cause_identified" as const, confidence, fix, family }, trial);
}

describe("a commit that the model blames", () => {
  it("is taken back when the trial holds it responsible", async () => {
    const { judged, cut } = await gated(weigh([accused(SHA)], facts));
    expect(judged).toMatchObject({ fix: { kind: "revert", commit: SHA }, confidence: { level: "high" } });
    expect(cut).toEqual([]);
  });

  it("is not when others could have done it as well, and the report is not sure", async () => {
    const { judged, cut } = await gated(weigh([accused(SHA), accused("b".repeat(40))], facts));
    expect(judged).toMatchObject({ outcome: "likely_cause", fix: { kind: "none" }, confidence: { level: "medium" } });
    expect(cut).toMatchObject([{ what: "fix", why: "2 commits could have done it and nothing tells them apart" }]);
  });

  it("is not when it went live after the turn, nor when no commit could be tried", async () => {
    expect((await gated(weigh([accused(SHA, -5)], facts))).judged.fix.kind).toBe("none");
    expect((await gated(undefined)).judged.fix.kind).toBe("none");
  });
});
