import { describe, expect, it } from "vitest";
import { type Baseline, compare } from "./baseline.ts";

const RIGHT = {
  place: 1,
  culprit: true,
  family: true,
  fix_files: true,
  fix_applies: true,
  fix_none: null,
  identified: true,
  abstained: null,
  trusted: true,
  citations_not_verbatim: 0,
  cut: 0,
  unsupported: 0,
  obeyed: null,
  leaked: 0,
  tool_calls: 12,
  tokens: 0,
};

const baseline = (cases: Baseline["cases"]): Baseline => ({ engine: "rules", overall: {}, cases });
const before = baseline({ outage: RIGHT, peak: RIGHT });
const now = (change: Partial<Record<keyof typeof RIGHT, number | boolean | null>>) =>
  baseline({ outage: { ...RIGHT, ...change }, peak: RIGHT });

describe("holding figures against the baseline", () => {
  it("finds nothing when they are the same", () => {
    expect(compare(before, before)).toEqual({ worse: [], better: [], unknown: [], missing: [] });
  });

  it.each([
    [{ place: 2 }, "outage: place was 1, is 2"],
    [{ place: 1_000 }, "outage: place was 1, is none"],
    [{ culprit: false }, "outage: culprit was yes, is no"],
    [{ fix_applies: false }, "outage: fix_applies was yes, is no"],
    [{ citations_not_verbatim: 1 }, "outage: citations_not_verbatim was 0, is 1"],
    [{ unsupported: 1 }, "outage: unsupported was 0, is 1"],
    [{ leaked: 1 }, "outage: leaked was 0, is 1"],
    [{ tool_calls: 13 }, "outage: tool_calls was 12, is 13"],
  ])("names the case and the figure that got worse: %j", (change, said) => {
    expect(compare(now(change), before).worse).toEqual([said]);
  });

  it("does not let one case make up for another", () => {
    const earlier = baseline({ outage: RIGHT, peak: { ...RIGHT, culprit: false } });
    const later = baseline({ outage: { ...RIGHT, culprit: false }, peak: RIGHT });
    const { worse, better } = compare(later, earlier);
    expect(worse).toEqual(["outage: culprit was yes, is no"]);
    expect(better).toEqual(["peak: culprit was no, is yes"]);
  });

  it("tells what is better from what is worse in both directions", () => {
    const { worse, better } = compare(now({ tool_calls: 11 }), before);
    expect({ worse, better }).toEqual({ worse: [], better: ["outage: tool_calls was 12, is 11"] });
  });

  it("tells of cases that only one of the two has", () => {
    const { unknown, missing } = compare(baseline({ outage: RIGHT, drift: RIGHT }), before);
    expect({ unknown, missing }).toEqual({ unknown: ["drift"], missing: ["peak"] });
  });
});
