import type { Report } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { settleLook } from "../../../../agent-host/src/app/looks/settle-look.ts";
import { ALERT_AT, looks, report } from "./given.ts";

const at = (seconds: number) => ALERT_AT + seconds * 1000;
const nobody = { culprit: null, family: "other", fix: { kind: "none" } } as Partial<Report>;

const kept = (code: string, sha = "a".repeat(40)) =>
  ({
    service: "cart",
    sha,
    verdict: "kept",
    reason: { code, text: "" },
    live_at: null,
    evidence: null,
  }) as Report["candidates"][number];

const sure = {
  outcome: "root_cause_identified",
  confidence: { level: "high", agreeing: [], why: "" },
} as Partial<Report>;

describe("the first look, seconds after the page", () => {
  it("settles nothing by the order of events alone: it looks again and opens no draft", () => {
    const standing = settleLook({ report: report(10), earlier: [], modelAway: null });
    expect(standing).toMatchObject({ nextLookAt: at(30), mayPropose: false });
    expect(standing.wouldDecide).toEqual(["whether cart still stands out at the next look"]);
  });

  it("settles it when a commit has a witness of its own and is the only one kept", () => {
    const witnessed = report(10, { ...sure, candidates: [kept("own_witness")] });
    expect(settleLook({ report: witnessed, earlier: [], modelAway: null })).toEqual({
      nextLookAt: null,
      awaitsModel: false,
      wouldDecide: [],
      mayPropose: true,
    });
  });

  it.each([
    ["two commits are kept", { ...sure, candidates: [kept("own_witness"), kept("own_witness", "b".repeat(40))] }],
    ["the commit is kept for its time alone", { ...sure, candidates: [kept("live_before_turn")] }],
    ["it is not sure of it", { candidates: [kept("own_witness")] }],
  ] satisfies [string, Partial<Report>][])("does not when %s", (_why, more) => {
    const standing = settleLook({ report: report(10, more), earlier: [], modelAway: null });
    expect(standing).toMatchObject({ nextLookAt: at(30), mayPropose: false });
  });

  it("settles it when a log line states the refusal itself", () => {
    const refused = report(10, { ...sure, family: "missing_iam_permission" });
    expect(settleLook({ report: refused, earlier: [], modelAway: null })).toMatchObject({
      nextLookAt: null,
      mayPropose: true,
    });
  });

  it("says what would tell the commits apart, and what could not be read", () => {
    const open = report(10, {
      candidates: [kept("live_before_turn"), kept("live_before_turn", "b".repeat(40))],
      gaps: [{ server: "logs", tool: null, code: "unreachable", about: [], what: "everything from logs", why: "down" }],
    });
    expect(settleLook({ report: open, earlier: [], modelAway: null }).wouldDecide).toEqual([
      "whether cart still stands out at the next look",
      `a line that names what only one of ${"a".repeat(10)}, ${"b".repeat(10)} changed`,
      "what logs could not show",
    ]);
  });
});

describe("further looks", () => {
  it("settle it when two agree on culprit, family and commit", () => {
    const standing = settleLook({ report: report(30), earlier: looks(report(10)), modelAway: null });
    expect(standing).toMatchObject({ nextLookAt: null, mayPropose: true });
  });

  it.each([
    ["another culprit", { culprit: { name: "pricing", kind: "service" } }],
    ["another commit", { fix: { ...report(0).fix, commit: "b".repeat(40) } }],
    ["nobody", nobody],
  ] satisfies [string, Partial<Report>][])("go on when the one before named %s", (_what, before) => {
    const standing = settleLook({ report: report(30), earlier: looks(report(10, before)), modelAway: null });
    expect(standing).toMatchObject({ nextLookAt: at(60), mayPropose: false });
  });

  it("do not agree on naming nobody", () => {
    const standing = settleLook({ report: report(30, nobody), earlier: looks(report(10, nobody)), modelAway: null });
    expect(standing.nextLookAt).toBe(at(60));
  });

  it("end five minutes after the alert, without a draft where the last two contradict each other", () => {
    const other = report(120, { culprit: { name: "pricing", kind: "service" } });
    const standing = settleLook({ report: report(300), earlier: looks(other), modelAway: null });
    expect(standing).toMatchObject({ nextLookAt: null, mayPropose: false });
  });

  it("are not needed when the first one stands five minutes after the alert", () => {
    expect(settleLook({ report: report(300), earlier: [], modelAway: null })).toMatchObject({
      nextLookAt: null,
      mayPropose: true,
    });
  });
});

describe("a report that the rules made because the model stayed away", () => {
  const standIn = { engine: { ...report(0).engine, instead_of: "claude" } } as Partial<Report>;
  const away = { since: at(10), retryAt: null };

  it("opens no draft when two looks agree, and is looked at again by the model", () => {
    const standing = settleLook({
      report: report(30, standIn),
      earlier: looks(report(10, standIn)),
      modelAway: away,
    });
    expect(standing).toEqual({
      nextLookAt: at(70),
      awaitsModel: true,
      wouldDecide: ["a model's reading of it"],
      mayPropose: false,
    });
  });

  it("opens one only for a witness beyond time", () => {
    const witnessed = report(30, { ...standIn, ...sure, candidates: [kept("own_witness")] });
    expect(settleLook({ report: witnessed, earlier: [], modelAway: away }).mayPropose).toBe(true);
  });

  it("waits no shorter than the model asked for, and gives it up after an hour", () => {
    const settle = (seconds: number, retryAt: number | null) =>
      settleLook({ report: report(seconds, standIn), earlier: [], modelAway: { since: at(10), retryAt } }).nextLookAt;
    expect(settle(300, at(2_000))).toBe(at(2_000));
    expect(settle(300, at(10_000))).toBeNull();
    expect(settle(3_700, null)).toBeNull();
  });

  it("opens none with a wrong key either, and waits for no model that will not come", () => {
    const standing = settleLook({ report: report(300, standIn), earlier: [], modelAway: null });
    expect(standing).toMatchObject({ nextLookAt: null, awaitsModel: false, mayPropose: false });
  });
});
