import { describe, expect, test } from "vitest";
import { CoverageMeter } from "../../servers/logs/src/stores/coverage.ts";

const MINUTE = 60_000;
const WHOLE = { from: 0, to: 30 * MINUTE };

function covered(seen: readonly number[], stretch = WHOLE) {
  const meter = new CoverageMeter(WHOLE);
  for (const at of seen) meter.saw(at);
  return meter.of(stretch);
}

const every = (ms: number, from: number, to: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / ms) }, (_, i) => from + i * ms);

describe("how much of a stretch the log covers", () => {
  test("an unbroken log covers all of it", () => {
    expect(covered(every(5_000, -MINUTE, 30 * MINUTE))).toEqual({ covered: 30 * MINUTE, holes: [] });
  });

  test("what comes before the log begins is not covered", () => {
    expect(covered(every(5_000, 10 * MINUTE, 30 * MINUTE))).toEqual({
      covered: 20 * MINUTE,
      holes: [{ from: 0, to: 10 * MINUTE }],
    });
  });

  test("a busy log that stops and starts again has a hole", () => {
    const seen = [...every(5_000, -MINUTE, 10 * MINUTE), ...every(5_000, 14 * MINUTE, 30 * MINUTE)];
    expect(covered(seen).holes).toEqual([{ from: 10 * MINUTE, to: 14 * MINUTE }]);
    expect(covered(seen, { from: 0, to: 12 * MINUTE })).toEqual({
      covered: 10 * MINUTE,
      holes: [{ from: 10 * MINUTE, to: 12 * MINUTE }],
    });
  });

  test("a busy log that ends early does not cover the rest", () => {
    expect(covered(every(5_000, -MINUTE, 25 * MINUTE)).covered).toBe(25 * MINUTE);
  });

  test("a quiet log of scattered lines has no holes", () => {
    expect(covered([-MINUTE, 4 * MINUTE, 17 * MINUTE, 29 * MINUTE]).holes).toEqual([]);
  });

  test("a quiet log in which something begins to fail has no hole before the failure", () => {
    const failing = every(5_000, 20 * MINUTE, 30 * MINUTE);
    expect(covered([-MINUTE, 4 * MINUTE, ...failing]).holes).toEqual([]);
  });

  test("a short failure after which all is quiet is no end of the log", () => {
    expect(covered([-MINUTE, ...every(5_000, 10 * MINUTE, 12 * MINUTE)]).holes).toEqual([]);
  });

  test("bursts with silence between them are how some services log", () => {
    const bursts = [0, 8, 16, 24].flatMap((minute) => every(1_000, minute * MINUTE, minute * MINUTE + 9_000));
    expect(covered([-MINUTE, ...bursts]).holes).toEqual([]);
  });

  test("a log that begins after the stretch, or has no line at all, covers nothing", () => {
    expect(covered([]).covered).toBe(0);
    expect(covered([31 * MINUTE]).covered).toBe(0);
  });
});
