import { BadRequest, formatDuration, readInstant, resolveWindow } from "@oncall-copilot/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const now = Date.parse("2026-03-01T10:00:00Z");
const limits = { defaultMs: 15 * 60_000, maxMs: 24 * 3_600_000 };

describe("a time", () => {
  it.each([
    ["now", "2026-03-01T10:00:00.000Z"],
    ["-30m", "2026-03-01T09:30:00.000Z"],
    ["now-2h", "2026-03-01T08:00:00.000Z"],
    ["now - 7d", "2026-02-22T10:00:00.000Z"],
    ["2026-03-01T09:00:00Z", "2026-03-01T09:00:00.000Z"],
    ["2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00.000Z"],
  ])("%s is %s", (text, expected) => {
    expect(new Date(readInstant(text, now, "from")).toISOString()).toBe(expected);
  });

  it.each(["yesterday", "", "2026-03-01", "2026-03-01T10:00:00", "+5m", "-5", "12:00", "2026-13-01T00:00:00Z"])(
    "%j is refused with what would be right",
    (text) => {
      expect(() => readInstant(text, now, "from")).toThrow(BadRequest);
      expect(() => readInstant(text, now, "from")).toThrow("from is not a time");
    },
  );

  it("survives a round trip through RFC 3339", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_102_444_800_000 }),
        (at) => readInstant(new Date(at).toISOString(), now, "from") === at,
      ),
    );
  });
});

describe("a window", () => {
  it("defaults to the stretch right before now", () => {
    expect(resolveWindow({}, now, limits)).toEqual({ from: now - limits.defaultMs, to: now, notes: [] });
  });

  it("never reaches past now, and says that it was moved", () => {
    const window = resolveWindow({ to: "2026-03-01T11:00:00Z" }, now, limits);
    expect(window.to).toBe(now);
    expect(window.notes).toEqual(["to was moved back to now (2026-03-01T10:00:00.000Z)"]);
  });

  it("is capped aloud", () => {
    const window = resolveWindow({ from: "-7d" }, now, limits);
    expect(window.to - window.from).toBe(limits.maxMs);
    expect(window.notes).toEqual(["from was moved up: the longest window is 24 h"]);
  });

  it("that ends before it starts is refused", () => {
    expect(() => resolveWindow({ from: "-5m", to: "-10m" }, now, limits)).toThrow("must be before");
  });
});

it("a duration is written in the unit a person would choose", () => {
  expect([45_000, 900_000, 10_800_000, 259_200_000].map(formatDuration)).toEqual(["45 s", "15 min", "3 h", "3 d"]);
});
