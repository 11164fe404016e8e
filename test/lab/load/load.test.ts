import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { nextVisit } from "./customers.ts";
import { ORDINARY, peak } from "./traffic.ts";

describe("the load", () => {
  it("is the same visits in the same order for the same seed", () => {
    const visits = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 200 }, () => nextVisit(random));
    };
    expect(visits(3)).toEqual(visits(3));
    expect(visits(4)).not.toEqual(visits(3));
  });

  it("swings by a tenth at most on an ordinary day", () => {
    const levels = Array.from({ length: 1800 }, (_, second) => ORDINARY(second));
    expect(Math.min(...levels)).toBeGreaterThan(0.9);
    expect(Math.max(...levels)).toBeLessThan(1.1);
  });

  it("rises to a peak and stays there, as ordinary as ever before it", () => {
    const traffic = peak(600, 120, 2);
    expect(traffic(599)).toBe(ORDINARY(599));
    expect(traffic(660)).toBeCloseTo(ORDINARY(660) * 1.5);
    expect(traffic(1200)).toBe(ORDINARY(1200) * 2);
  });
});
