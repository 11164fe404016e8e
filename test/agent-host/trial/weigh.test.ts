import { describe, expect, it } from "vitest";
import type { Change } from "../../../agent-host/src/tools/answers.ts";
import type { Accused } from "../../../agent-host/src/trial/clear.ts";
import { type Facts, weigh } from "../../../agent-host/src/trial/trial.ts";
import { ALERT, at, change } from "../rules/given.ts";

const TURN = Date.parse(at("09:57:00"));
const facts: Facts = {
  ...{ culprit: "pricing", turn: { at: TURN, blur: 60_000 }, climbsSince: null, alertAt: ALERT, outside: null },
};

/** A commit of a letter that a service got at a clock time; null: never. */
function accused(letter: string, clock: string | null, more: Partial<Change> = {}, service = "pricing"): Accused {
  const when = at(clock ?? "09:00:00");
  const one = change(service, when, { sha: letter.repeat(40), live: clock !== null, ...more });
  return { change: one, service, at: clock === null ? null : Date.parse(when), near: service === "pricing" };
}
const shares = (how: "frame" | "literal" | "name" | "near", word = "total"): Partial<Change> => ({
  shares: [{ how, word, line: `+ ${word}` }],
});
const letters = (all: readonly Accused[]) => all.map(({ change: { sha } }) => sha.charAt(0)).join("");
const verdicts = (all: readonly Accused[], more: Partial<Facts> = {}) =>
  weigh(all, { ...facts, ...more }).candidates.map(
    ({ sha, verdict, reason }) => `${sha.charAt(0)} ${verdict} ${reason.code}`,
  );

describe("a commit is cleared", () => {
  it.each([
    [
      "that changes nothing that runs",
      accused("a", "09:56:30", { touches: ["comments", "tests"] }),
      "only_comments_labels_or_tests",
    ],
    ["that no roll-out carried", accused("a", null), "never_live"],
    ["that went live after the turn", accused("a", "09:58:30"), "live_after_turn"],
    [
      "that was taken out long before",
      accused("a", "09:40:00", { taken_back: { by: "x", at: at("09:50:00") } }),
      "taken_back",
    ],
    ["of another service", accused("a", "09:56:30", {}, "cart"), "another_path"],
  ])("%s", (_what, one, code) => {
    const { guilty, left, candidates } = weigh([one], facts);
    expect({ guilty, left }).toEqual({ guilty: undefined, left: [] });
    expect(candidates).toMatchObject([{ verdict: "cleared", reason: { code } }]);
  });

  it("by no roll-out that is not known, and another one is not held responsible for it", () => {
    const { guilty, left, candidates } = weigh(
      [accused("a", null, { rollouts_known: false }), accused("b", "09:56:00")],
      facts,
    );
    expect({ guilty, left: letters(left) }).toEqual({ guilty: undefined, left: "ab" });
    expect(candidates[0]).toMatchObject({ verdict: "kept", reason: { code: "rollout_not_known" } });
  });

  it("by no order where nothing dates the turn", () => {
    expect(letters(weigh([accused("a", "09:59:00")], { ...facts, turn: null }).left)).toBe("a");
  });

  it("without a word where the service was well with it for long", () => {
    expect(weigh([accused("a", "08:30:00")], facts).candidates).toEqual([]);
  });
});

describe("one commit is held responsible", () => {
  it("when it alone was live right before the turn", () => {
    expect(weigh([accused("a", "09:56:00")], facts).guilty).toMatchObject({ by: "live_before_turn" });
  });

  it("not when it was live for long by then, or more is asked than usual", () => {
    expect(weigh([accused("a", "09:40:00")], facts).guilty).toBeUndefined();
    expect(weigh([accused("a", "09:56:00")], { ...facts, outside: "surge" }).guilty).toBeUndefined();
  });

  it("among several when the trouble has words of it alone, whatever came nearer", () => {
    const all = [accused("a", "09:30:00", shares("frame")), accused("b", "09:56:50")];
    expect(weigh(all, facts).guilty).toMatchObject({ by: "own_witness", change: { sha: "a".repeat(40) } });
    expect(verdicts(all)).toEqual(["a kept own_witness", "b cleared another_path"]);
  });

  it("not when the trouble has words of two of them about equally", () => {
    const { guilty, left } = weigh(
      [accused("a", "09:56:00", shares("frame")), accused("b", "09:56:00", shares("name"))],
      facts,
    );
    expect(guilty).toBeUndefined();
    expect(letters(left)).toBe("ab");
  });

  it("not by what merely stands near a frame", () => {
    const all = [accused("a", "09:56:00", shares("near")), accused("b", "09:56:00")];
    expect(letters(weigh(all, facts).left)).toBe("ab");
  });

  it("not by the place where it calls what answers it with errors", () => {
    const all = [accused("a", "09:56:00", shares("frame")), accused("b", "09:56:00")];
    expect(weigh(all, { ...facts, outside: "callee" }).guilty).toBeUndefined();
  });

  it("never where one and the same input fails over and over", () => {
    const one = accused("a", "09:56:00", shares("literal"));
    expect(weigh([one], { ...facts, outside: "one_input" }).guilty).toBeUndefined();
  });

  it("by when its signal began to climb, not by when it was full", () => {
    const leak = [accused("a", "08:10:00"), accused("b", "09:56:30")];
    const climbsSince = Date.parse(at("08:12:00"));
    expect(weigh(leak, { ...facts, climbsSince }).guilty?.change.sha).toBe("a".repeat(40));
    expect(verdicts(leak, { climbsSince })).toEqual(["a kept live_before_turn", "b cleared live_after_turn"]);
  });
});

describe("a roll-out of several commits that nothing tells apart", () => {
  const build = accused("c", "09:56:00", { touches: ["image"] });
  const both = [accused("a", "09:56:00"), accused("b", "09:56:00")];

  it("is taken back as a whole by the commit that names its build, which is no suspect of its own", () => {
    const { guilty, left, rollout } = weigh([...both, build], facts);
    expect({ guilty, left: letters(left), rollout: rollout?.change.sha }).toEqual({
      ...{ guilty: undefined, left: "ab", rollout: "c".repeat(40) },
    });
  });

  it("is not when another roll-out stands between, or it turned long after", () => {
    expect(weigh([...both, accused("d", "09:50:00"), build], facts).rollout).toBeUndefined();
    const late = { ...facts, turn: { at: Date.parse(at("09:59:30")), blur: 15_000 } };
    expect(weigh([...both, build], late).rollout).toBeUndefined();
  });

  it("is not when something outside explains it, nor where no commit names the build", () => {
    expect(weigh([...both, build], { ...facts, outside: "callee" }).rollout).toBeUndefined();
    expect(weigh(both, facts).rollout).toBeUndefined();
  });

  it("leaves the one commit that a build brought to be taken back itself", () => {
    const one = accused("a", "09:56:00");
    expect(weigh([one, build], facts).guilty?.change.sha).toBe("a".repeat(40));
    expect(verdicts([one, build])).toEqual(["a kept live_before_turn", "c cleared another_path"]);
  });

  it("is all there is to take back where its commits cannot be seen", () => {
    expect(weigh([build], facts).guilty?.change.sha).toBe("c".repeat(40));
  });
});
