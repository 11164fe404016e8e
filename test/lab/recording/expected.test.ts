import { describe, expect, it } from "vitest";
import { SCENARIOS } from "../scenarios/index.ts";
import { expectedAnswer } from "./expected.ts";

const begins = new Date("2026-11-02T10:00:00Z");
const faultAt = new Date("2026-11-02T10:13:00Z");
const scenario = (name: string) => {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return { scenario: found, begins, faultAt };
};
const culprit = (at: string) => ({ revision: "f00d", at: new Date(at) });

describe("the answer that is expected", () => {
  it("dates a commit's fault by its roll-out", () => {
    const pushed = culprit("2026-11-02T10:13:00Z");
    const rolledOut = new Date("2026-11-02T10:13:02Z");
    const expected = expectedAnswer({ ...scenario("bad-deployment-three-hops"), culprit: pushed }, rolledOut);
    expect(expected.injected_at).toBe("2026-11-02T10:13:02.000Z");
    expect(expected.fix).toEqual({ files: ["services/promotions/offers.js"], culprit_commit: "f00d" });
  });

  it("dates what was committed long before by when it began to act", () => {
    const long = culprit("2026-11-01T12:00:00Z");
    const expected = expectedAnswer({ ...scenario("missing-iam-batch"), culprit: long }, undefined);
    expect(expected.injected_at).toBe(faultAt.toISOString());
    expect(expected.fix).toEqual({ files: ["infra/iam/search.tf"], culprit_commit: "f00d" });
  });

  it("asks for no change in git where git is right, and for no commit where none is to blame", () => {
    expect(expectedAnswer({ ...scenario("config-drift-by-hand"), culprit: undefined }, undefined).fix).toBeNull();
    const peak = expectedAnswer({ ...scenario("undersized-hpa-max"), culprit: undefined }, undefined);
    expect(peak.fix).toEqual({ files: ["deploy/hpa/pricing.yaml"], culprit_commit: null });
  });

  it("says of a clean bill that nothing was injected", () => {
    const expected = expectedAnswer({ ...scenario("broken-exporter"), culprit: undefined }, undefined);
    expect(expected).toMatchObject({ root_cause: null, family: "no_fault", injected_at: null, fix: null });
  });
});
