import { describe, expect, it } from "vitest";
import { type Trial, weigh } from "../../../agent-host/src/trial/trial.ts";
import { verify } from "../../../agent-host/src/verify/verify.ts";
import { answer, callTools } from "../../support/messages-api/turns.ts";
import type { RequestView } from "../../support/messages-api/view.ts";
import { change } from "../rules/given.ts";
import { KEY } from "./toolbox.ts";
import { SHA } from "./tools.ts";
import { catalog, goodDraft, readAll, world } from "./world.ts";

const ALERT = Date.parse("2026-03-01T10:00:00Z");
const TURN = { at: ALERT - 3 * 60_000, blur: 60_000 };
const facts = { culprit: "pricing", turn: TURN, climbsSince: null, alertAt: ALERT, outside: null };

/** A commit that pricing got three minutes before it turned, or at another time. */
function accused(sha: string, minutesBefore = 2) {
  const at = TURN.at - minutesBefore * 60_000;
  const when = new Date(at).toISOString();
  return { change: change("pricing", when, { sha, touches: ["code"] }), service: "pricing", at, near: true };
}

/** The report of a model that wants to take back the commit SHA, in the light of a trial. */
async function reported(trial: Trial | undefined) {
  const script = (view: RequestView) => (view.number === 1 ? callTools(readAll) : answer(goodDraft(view)));
  const { run, toolbox, investigation } = await world({ script });
  const result = await run();
  return verify({
    ...{ incident: investigation.incident, service: "storefront", asOf: investigation.asOf, catalog, key: KEY },
    engine: { name: "claude", model: result.model, note: result.note, complete: true, instead_of: null },
    ...{ result, trial, calls: toolbox.calls, evidence: toolbox.evidence, gaps: [], seconds: 1 },
  });
}

describe("a commit that the model blames", () => {
  it("is taken back when the trial holds it responsible", async () => {
    const { fix, candidates } = await reported(weigh([accused(SHA)], facts));
    expect(fix).toMatchObject({ kind: "revert", commit: SHA });
    expect(candidates).toMatchObject([{ sha: SHA, verdict: "kept" }]);
  });

  it("is not when others could have done it as well, which are listed, and the report is not sure", async () => {
    const other = "b".repeat(40);
    const { fix, confidence, outcome, candidates, cut } = await reported(weigh([accused(SHA), accused(other)], facts));
    expect(fix.kind).toBe("none");
    expect(confidence.level).not.toBe("high");
    expect(outcome).not.toBe("root_cause_identified");
    expect(candidates.map(({ sha }) => sha)).toEqual([SHA, other]);
    expect(cut).toContainEqual(
      expect.objectContaining({ what: "fix", why: "2 commits could have done it and nothing tells them apart" }),
    );
  });

  it("is not when it went live after the turn, nor when no commit could be tried", async () => {
    expect((await reported(weigh([accused(SHA, -5)], facts))).fix.kind).toBe("none");
    expect((await reported(undefined)).fix.kind).toBe("none");
  });
});
