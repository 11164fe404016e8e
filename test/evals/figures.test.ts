import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareOf, shareText, wilson } from "./figures/share.ts";
import { scoreGrouping } from "./logs/grouping.ts";
import { rise } from "./ranking/naive-bar.ts";
import { accuracyAt, average5, placeOf } from "./ranking/places.ts";

describe("Wilson's interval", () => {
  it("is the one of the textbooks", () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263 and 15/148.
    expect(wilson({ hits: 81, of: 263 })).toEqual({ low: expect.closeTo(0.2553, 4), high: expect.closeTo(0.3662, 4) });
    expect(wilson({ hits: 15, of: 148 })).toEqual({ low: expect.closeTo(0.0624, 4), high: expect.closeTo(0.1605, 4) });
  });

  it("holds the share, stays between 0 and 1, and narrows with more cases", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
        const hits = Math.round(part * of);
        const few = wilson({ hits, of });
        const many = wilson({ hits: hits * 10, of: of * 10 });
        expect(few.low).toBeGreaterThanOrEqual(0);
        expect(few.low).toBeLessThanOrEqual(hits / of);
        expect(few.high).toBeGreaterThanOrEqual(hits / of);
        expect(few.high).toBeLessThanOrEqual(1);
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    );
  });

  it("is written behind the share, and a question that did not arise is a dash", () => {
    expect(shareText({ hits: 17, of: 20 })).toBe("17/20  85 % [64-95]");
    expect(shareText(shareOf([null, null]))).toBe("-");
  });
});

describe("the place of the culprit", () => {
  it("counts from 1, by any of its names, and is null when it is not ranked", () => {
    expect(placeOf(["a", "b", "c"], ["c", "b"])).toBe(2);
    expect(placeOf(["a"], ["z"])).toBeNull();
  });

  it("makes AC@k and Avg@5", () => {
    const places = [1, 3, null, 6];
    expect(accuracyAt(places, 1)).toEqual({ hits: 1, of: 4 });
    expect(accuracyAt(places, 3)).toEqual({ hits: 2, of: 4 });
    expect(average5(places)).toBeCloseTo((1 + 1 + 2 + 2 + 2) / 20);
    expect(average5([])).toBeNull();
  });
});

describe("the naive bar", () => {
  const times = [1, 2, 3, 4, 5, 6];

  it("is the largest rise above the median before, in interquartile ranges before", () => {
    // Before: 10, 12, 14, 16; median 13, quartiles 11.5 and 14.5.
    expect(rise({ times, values: [10, 12, 14, 16, 19, 22] }, 4)).toBeCloseTo((22 - 13) / 3);
  });

  it("is nothing for a fall, for what never moved before, and for what has no before", () => {
    expect(rise({ times, values: [10, 12, 14, 16, 1, 2] }, 4)).toBe(0);
    expect(rise({ times, values: [5, 5, 5, 5, 9, 9] }, 4)).toBe(0);
    expect(rise({ times, values: [1, 2, 3, 4, 5, 6] }, 0)).toBe(0);
  });
});

describe("the grouping of log lines", () => {
  it("counts a group only when it holds just the lines of one true group", () => {
    // Group 1 is right (3 of 6 lines); b is split into two groups.
    const score = scoreGrouping([1, 1, 1, 2, 2, 3], ["a", "a", "a", "b", "b", "b"]);
    expect(score).toEqual({ lines: 6, groups: 3, trueGroups: 2, ga: 0.5, fga: expect.closeTo(0.4, 10) });
  });

  it("is perfect under any renaming of the groups, and 0 when all lines are one group of several", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), (truth) => {
        const renamed = truth.map((label) => `g${label * 7}`);
        expect(scoreGrouping(renamed, truth)).toMatchObject({ ga: 1, fga: 1 });
      }),
    );
    expect(scoreGrouping([1, 1], ["a", "b"])).toMatchObject({ ga: 0, fga: 0 });
  });
});
