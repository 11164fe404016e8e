import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelOf, rank } from "../../servers/logs/src/answer/labels.ts";
import { rateRatioZ } from "../../servers/logs/src/answer/rates.ts";
import { LEVELS } from "../../servers/logs/src/levels.ts";
import type { PatternCount } from "../../servers/logs/src/store.ts";

const EQUAL = { window: 900_000, before: 900_000 };

describe("labelling a pattern against the time before", () => {
  test.each([
    [1, 0, "new"],
    [412, 0, "new"],
    [0, 3, "gone"],
    [40, 40, "steady"],
    [46, 40, "steady"],
    [4, 1, "steady"],
    [9, 3, "steady"],
    [25, 5, "rising"],
    [40, 10, "rising"],
    [12000, 6000, "rising"],
    [10, 40, "steady"],
  ])("%i in the window and %i before is %s", (count, before, label) => {
    expect(labelOf({ count, before }, EQUAL)).toBe(label);
  });

  test("compares rates, not counts, where less of the time before is there", () => {
    const third = { window: 900_000, before: 300_000 };
    expect(labelOf({ count: 90, before: 30 }, third)).toBe("steady");
    expect(labelOf({ count: 300, before: 30 }, third)).toBe("rising");
  });

  test("calls nothing new that a longer time before might have held", () => {
    const tenth = { window: 900_000, before: 90_000 };
    expect(labelOf({ count: 2, before: 0 }, tenth)).toBe("uncompared");
    expect(labelOf({ count: 20, before: 0 }, tenth)).toBe("new");
  });

  test("compares nothing without a time before", () => {
    expect(labelOf({ count: 500, before: 0 }, { window: 900_000, before: 0 })).toBe("uncompared");
  });

  test("calls a pattern that comes at one rate all along rising less than once in a hundred times", () => {
    let rising = 0;
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    /** Knuth's way to a Poisson figure. */
    const poisson = (mean: number): number => {
      let n = 0;
      for (let product = random(); product > Math.exp(-mean); product *= random()) n++;
      return n;
    };
    for (let trial = 0; trial < 4_000; trial++) {
      const mean = 1 + (trial % 40);
      const count = poisson(mean);
      const before = poisson(mean);
      if (before > 0 && labelOf({ count, before }, EQUAL) === "rising") rising++;
    }
    expect(rising).toBeLessThan(40);
  });

  test("sees the more, the more there is to see", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), fc.nat(100), (count, before, more) => {
        const z = (n: number) => rateRatioZ({ count: n, exposure: 1 }, { count: before, exposure: 1 }, 1.5);
        expect(z(count + more)).toBeGreaterThanOrEqual(z(count));
      }),
    );
  });
});

describe("ranking patterns", () => {
  const pattern = (level: PatternCount["level"], count: number, before: number): PatternCount => ({
    level,
    template: `${level} ${count} ${before}`,
    count,
    before,
    first: 0,
    last: 0,
    sample: { text: "", length: 0, at: 0, url: "" },
  });
  const order = (patterns: readonly PatternCount[]) =>
    rank(patterns, EQUAL).map(({ level, label, count }) => `${level} ${label} ${count}`);

  test("puts new errors first, then rising ones, then new and rising warnings, and what is steady last", () => {
    expect(
      order([
        pattern("info", 900, 900),
        pattern("warn", 5, 0),
        pattern("error", 50, 50),
        pattern("error", 3, 0),
        pattern("info", 4, 0),
        pattern("warn", 80, 10),
        pattern("error", 80, 10),
        pattern("error", 7, 0),
      ]),
    ).toEqual([
      "error new 7",
      "error new 3",
      "error rising 80",
      "warn new 5",
      "warn rising 80",
      "info new 4",
      "error steady 50",
      "info steady 900",
    ]);
  });

  test("does not depend on the order in which patterns were found", () => {
    const any = fc
      .tuple(fc.constantFrom(...LEVELS), fc.nat(50), fc.nat(50))
      .map(([level, count, before]) => pattern(level, count, before));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (patterns) => {
        expect(order([...patterns].reverse())).toEqual(order(patterns));
      }),
    );
  });
});
