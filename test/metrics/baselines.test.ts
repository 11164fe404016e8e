import { describe, expect, it } from "vitest";
import { measureChange } from "../../servers/metrics/src/change/change.ts";
import { clean } from "../../servers/metrics/src/change/clean.ts";
import { climbOf } from "../../servers/metrics/src/change/climb.ts";
import { around, change, FROM, MINUTE, measured, PERIODS, seriesOf } from "./given.ts";

const quiet = around(0.05, 0.005);

describe("what is usual, when the time before was not all quiet", () => {
  it("leaves earlier incidents of errors out by their own shape, however many pages came within the hour", () => {
    const earlier = (minute: number) => minute < -8 && (minute + 60) % 17 >= 8;
    const found = measured("error_ratio", (minute) => (minute >= 10 || earlier(minute) ? 0.6 : 0));
    expect(found.usual.median).toBe(0);
    expect(found.usual.leftOut.length).toBeGreaterThan(1);
    expect(found).toMatchObject({ change: "up", onset: FROM + 10 * MINUTE });
    expect(found.score).toBeGreaterThan(0.7);
  });

  it("leaves a known incident out though its shape tells nothing", () => {
    const incidents = [{ from: FROM - 50 * MINUTE, to: FROM - 20 * MINUTE }];
    const series = clean(seriesOf("checkout", "cpu_ratio", (minute) => (minute < -20 && minute > -51 ? 0.4 : 0.3)));
    const found = measureChange(series, PERIODS, { incidents });
    expect(found).toMatchObject({ status: "measured", usual: { median: 0.3, iqr: 0, leftOut: incidents } });
  });

  it("takes a rhythm for usual: a batch that makes it slow every quarter of an hour is no incident", () => {
    const batch = (minute: number) => (minute + 75) % 15 < 5;
    const found = measured("latency_p99_seconds", (minute) => (batch(minute) ? 1.8 : quiet(minute)));
    expect(found.usual.leftOut).toEqual([]);
  });

  it("needs thirty minutes of history and no more, and tells five as thin", () => {
    const since = (first: number) =>
      measured("latency_p99_seconds", (minute) => {
        if (minute < first) return undefined;
        return minute >= 9 ? 1.8 : quiet(minute);
      });
    expect(since(-38).usual.thin).toBe(false);
    expect(since(-38).score).toBeGreaterThan(0.7);
    expect(since(-16).usual).toMatchObject({ thin: true, samples: 9 });
  });
});

describe("a signal at the moment of a page", () => {
  it("is unusual by its first sample, if the time before never had the like", () => {
    const found = measured("error_ratio", (minute) => (minute >= 15 ? 0.85 : 0));
    expect(found).toMatchObject({ change: "up", onset: FROM + 15 * MINUTE, recoveredAt: null });
    expect(found.score).toBeGreaterThan(0.5);
  });

  it("is surer of two samples than of one", () => {
    const from = (first: number) => measured("error_ratio", (minute) => (minute >= first ? 0.85 : 0)).score;
    expect(from(14)).toBeGreaterThan(from(15));
  });

  it("is unsure of a single sample where the time before had such samples", () => {
    const noisy = (minute: number) => (minute % 12 === 0 && minute < 0 ? 1.7 : quiet(minute));
    const found = measured("latency_p99_seconds", (minute) => (minute >= 15 ? 1.8 : noisy(minute)));
    expect(found.score).toBeLessThan(0.55);
  });
});

describe("what was unusual and is over", () => {
  it("is told as recovered, since when", () => {
    const found = measured("error_ratio", (minute) => (minute >= 2 && minute < 6 ? 0.4 : 0));
    expect(found).toMatchObject({ change: "up", onset: FROM + 2 * MINUTE, recoveredAt: FROM + 6 * MINUTE });
  });

  it("does not hide what is on now, however much heavier it was", () => {
    const found = measured("error_ratio", (minute) => {
      if (minute >= 14) return 0.3;
      return minute >= -5 && minute < 4 ? 0.9 : 0;
    });
    expect(found).toMatchObject({ onset: FROM + 14 * MINUTE, recoveredAt: null, value: 0.3 });
  });
});

describe("a share of few requests", () => {
  const fifteenPercent = (minute: number) => (minute >= 2 && minute % 2 === 0 ? 0.3 : 0);

  it("that rises from 0 to 0.15 is not usual, though one failure of ten would be", () => {
    const found = measured("error_ratio", (minute) => (minute >= 2 ? 0.15 : 0), 10 / 60);
    expect(found).toMatchObject({ change: "up", onset: FROM + 2 * MINUTE });
    expect(measured("error_ratio", fifteenPercent, 10 / 60).change).toBe("up");
    expect(measured("error_ratio", (minute) => (minute === 3 ? 0.1 : 0), 10 / 60).change).toBe("usual");
  });
});

describe("a signal of a service that gets no requests", () => {
  it("says nothing, rather than that it stopped or is well", () => {
    const series = (at: (minute: number) => number | undefined) => clean(seriesOf("shipping", "error_ratio", at));
    const known = { noTrafficSince: FROM + 3 * MINUTE };
    const silent = measureChange(
      series((minute) => (minute > 3 ? undefined : 0.01)),
      PERIODS,
      known,
    );
    expect(silent).toMatchObject({ status: "no_traffic", since: known.noTrafficSince });
    const zero = measureChange(
      series((minute) => (minute >= 3 ? 0 : 0.01)),
      PERIODS,
      known,
    );
    expect(zero.status).toBe("no_traffic");
  });
});

describe("a slow climb", () => {
  const leak = (since: number) => (minute: number) => {
    const level = minute < since ? 0 : (minute - since) * 0.01;
    return 0.2 + level + 0.01 * Math.sin(minute);
  };

  it("is found where it began, and measured against the time before", () => {
    const series = clean(seriesOf("inventory", "memory_ratio", leak(-40)));
    const climb = climbOf(series, 1, () => 0.03);
    expect(Math.abs((climb?.from ?? 0) - (FROM - 40 * MINUTE))).toBeLessThanOrEqual(8 * MINUTE);
    const found = measureChange(series, PERIODS, { climb });
    expect(found).toMatchObject({ status: "measured", change: "up", climbs: true });
    if (found.status === "measured") expect(found.usual.median).toBeCloseTo(0.2, 1);
  });

  it("that goes back beyond all samples says that its start was not seen", () => {
    expect(climbOf(clean(seriesOf("inventory", "memory_ratio", leak(-90))), 1, () => 0.03)).toMatchObject({
      from: undefined,
    });
  });

  it("is no step, no wave and no noise", () => {
    const none = (at: (minute: number) => number) =>
      climbOf(clean(seriesOf("inventory", "memory_ratio", at)), 1, () => 0.03);
    expect(none((minute) => (minute >= -10 ? 0.9 : 0.2))).toBeUndefined();
    expect(none((minute) => 0.5 + 0.3 * Math.sin(minute / 8))).toBeUndefined();
    expect(none(around(0.5, 0.2))).toBeUndefined();
  });
});

describe("a room that fills", () => {
  it.each([
    ["connections", 40, 400],
    ["queue_depth", 10, 900],
    ["free_disk_bytes", 5e10, 1e9],
    ["disk_available_bytes", 5e10, 1e9],
    ["quota_used_ratio", 0.2, 0.97],
    ["quota_remaining", 1000, 3],
    ["cpu_credit_balance", 500, 2],
  ])("is a signal: %s from %d to %d", (signal, usual, now) => {
    const found = change("stock-db", signal, (minute) => (minute >= 4 ? now : around(usual, usual / 50)(minute)));
    expect(found).toMatchObject({ status: "measured", bad: true, meaning: { role: "saturation" } });
  });
});
