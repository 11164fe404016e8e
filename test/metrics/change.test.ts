import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureChange } from "../../servers/metrics/src/change/change.ts";
import { clean } from "../../servers/metrics/src/change/clean.ts";
import { turnsFrom } from "../../servers/metrics/src/change/turn.ts";
import { FEWEST_SAMPLES, usualOf } from "../../servers/metrics/src/change/usual.ts";
import { around, change, FROM, MINUTE, measured, PERIODS, seriesOf } from "./given.ts";

const quiet = around(0.05, 0.005);

describe("a signal measured against the time before", () => {
  it("turns up where it leaves its usual range, at the first unusual sample", () => {
    const found = measured("latency_p99_seconds", (minute) => (minute >= 4 ? 1.8 : quiet(minute)));
    expect(found).toMatchObject({ change: "up", bad: true, onset: FROM + 4 * MINUTE, seenTurning: true, value: 1.8 });
    expect(found.score).toBeGreaterThan(0.8);
  });

  it("finds an onset a little before the window", () => {
    const found = measured("latency_p99_seconds", (minute) => (minute >= -3 ? 1.8 : quiet(minute)));
    expect(found.onset).toBe(FROM - 3 * MINUTE);
  });

  it("follows back what was so long before, so that it is not taken for new", () => {
    const found = measured("latency_p99_seconds", (minute) => (minute >= -20 ? 1.8 : quiet(minute)));
    expect(found.onset).toBe(FROM - 20 * MINUTE);
  });

  it("says that it did not see the turn when a hole in the samples hides it", () => {
    const found = measured("latency_p99_seconds", (minute) => {
      if (minute > -30 && minute <= 2) return undefined;
      return minute > 2 ? 1.8 : quiet(minute);
    });
    expect(found).toMatchObject({ change: "up", seenTurning: false, onset: FROM + 3 * MINUTE });
  });

  it("is usual when nothing changed, with no onset and no score", () => {
    expect(measured("latency_p99_seconds", quiet)).toMatchObject({
      change: "usual",
      score: 0,
      onset: null,
      bad: false,
    });
  });

  it("takes a drop in availability for bad, a drop in latency for a change that is not, and a drop in traffic for less traffic", () => {
    const drop = (from: number, to: number) => (minute: number) =>
      minute >= 2 ? to : around(from, from / 1000)(minute);
    expect(measured("availability_ratio", drop(1, 0.9))).toMatchObject({ change: "down", bad: true });
    expect(measured("latency_p99_seconds", drop(1, 0.1))).toMatchObject({ change: "down", bad: false });
    const traffic = measured("requests_per_second", drop(20, 2));
    expect(traffic).toMatchObject({ change: "down", meaning: { role: "load" } });
  });

  it("does not take jitter on a flat line for a change", () => {
    expect(measured("error_ratio", (minute) => (minute === 5 ? 0.004 : 0))).toMatchObject({ change: "usual" });
    expect(measured("memory_bytes", (minute) => 1e9 + (minute > 3 ? 50_000 : 0))).toMatchObject({ change: "usual" });
  });

  it("is hardly moved by an earlier incident in its baseline", () => {
    const earlier = (minute: number) => minute >= -40 && minute < -34;
    const clear = measured("latency_p99_seconds", (minute) => (minute >= 4 ? 1.8 : quiet(minute)));
    const muddied = measured("latency_p99_seconds", (minute) => (minute >= 4 || earlier(minute) ? 1.8 : quiet(minute)));
    expect(muddied.usual.median).toBeCloseTo(clear.usual.median, 2);
    expect(muddied).toMatchObject({ change: "up", onset: FROM + 4 * MINUTE });
  });

  it("is less sure of a change that lasted one sample than of one that lasts", () => {
    const once = measured("latency_p99_seconds", (minute) => (minute === 4 ? 1.8 : quiet(minute)));
    const lasting = measured("latency_p99_seconds", (minute) => (minute >= 4 ? 1.8 : quiet(minute)));
    expect(once.score).toBeLessThan(0.6 * lasting.score);
    expect(once.stretch.to).toBe(once.stretch.from);
  });

  it("is less sure of the 99th percentile of a few requests than of one of many", () => {
    const slow = (minute: number) => (minute >= 4 ? 1.8 : quiet(minute));
    expect(measured("latency_p99_seconds", slow, 0.2).score).toBeLessThan(
      0.5 * measured("latency_p99_seconds", slow, 200).score,
    );
    expect(measured("latency_p50_seconds", slow, 0.2).score).toBeCloseTo(
      measured("latency_p50_seconds", slow, 200).score,
    );
  });

  it("takes one failed request of ten for chance", () => {
    const one = (minute: number) => (minute === 3 ? 0.1 : 0);
    expect(measured("error_ratio", one, 10 / 60).change).toBe("usual");
    expect(measured("error_ratio", (minute) => (minute >= 3 ? 0.1 : 0), 1000 / 60).change).toBe("up");
  });
});

describe("a signal that cannot be measured fully", () => {
  it("gives no score without any sample before the window", () => {
    const found = change("checkout", "error_ratio", (minute) => (minute > 0 ? 0.4 : undefined));
    expect(found).toMatchObject({ status: "too_few_samples", before: 0 });
  });

  it("scores weakly against a few samples, and says how few", () => {
    const found = measured("latency_avg_seconds", (minute) => {
      if (minute < -11) return undefined;
      return minute >= 4 ? 5 : 0.05;
    });
    expect(found.usual).toMatchObject({ thin: true, samples: 4 });
    expect(found.usual.samples).toBeLessThan(FEWEST_SAMPLES);
    expect(found.change).toBe("up");
    expect(found.score).toBeLessThanOrEqual(0.4);
  });

  it("says that a steady signal stopped, and since when", () => {
    const found = change("checkout", "cpu_ratio", (minute) => (minute > 5 ? undefined : 0.3));
    expect(found).toMatchObject({ status: "stopped", recent: true, lastSeen: FROM + 5 * MINUTE });
  });

  it("does not take a signal that comes and goes for one that stopped now", () => {
    const found = change("checkout", "cpu_ratio", (minute) => (minute % 9 === 0 && minute <= 5 ? 0.3 : undefined));
    expect(found.status).not.toBe("stopped");
  });

  it("takes a signal that stopped long before the window for stopped, but not by this incident", () => {
    const found = change("checkout", "cpu_ratio", (minute) => (minute > -25 ? undefined : 0.3));
    expect(found).toMatchObject({ status: "stopped", recent: false });
  });
});

describe("cleaning a series", () => {
  it("drops what is no number", () => {
    const cleaned = clean(seriesOf("checkout", "latency_p99_seconds", (minute) => (minute % 2 ? Number.NaN : 1)));
    expect(cleaned.values.every((value) => value === 1)).toBe(true);
    expect(cleaned.times.length).toBe(cleaned.values.length);
  });

  it("turns a counter into its rate per second, and starts anew where it was reset", () => {
    const cleaned = clean({
      service: "checkout",
      signal: "restarts_total",
      times: [0, 60_000, 120_000, 180_000],
      values: [100, 160, 6, 66],
    });
    expect(cleaned.values).toEqual([1, 0.1, 1]);
    expect(cleaned.times).toEqual([60_000, 120_000, 180_000]);
  });

  it("finds the period of five-minute and of fifteen-second samples alike", () => {
    const every = (step: number) =>
      clean({ service: "a", signal: "b", times: [0, 1, 2, 3, 9].map((n) => n * step), values: [1, 1, 1, 1, 1] }).stepMs;
    expect(every(300_000)).toBe(300_000);
    expect(every(15_000)).toBe(15_000);
  });

  it("measures five-minute samples as well as fine ones", () => {
    const times = Array.from({ length: 60 }, (_, index) => FROM + (index - 56) * 5 * MINUTE);
    const values = times.map((time, index) => (time > FROM ? 2 : quiet(index)));
    const series = clean({ service: "checkout", signal: "latency_avg_seconds", times, values });
    const found = measureChange(series, { ...PERIODS, baselineFrom: FROM - 300 * MINUTE });
    expect(found).toMatchObject({ status: "measured", change: "up", onset: FROM + 5 * MINUTE });
  });
});

describe("what always holds of a measurement", () => {
  const value = fc.double({ min: 0, max: 1000, noNaN: true });

  it("keeps scores between 0 and 1 and onsets at a sample's own stamp", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 75, maxLength: 75 }), (values) => {
        const found = measured("latency_p99_seconds", (minute) => values[minute + 59]);
        expect(found.score).toBeGreaterThanOrEqual(0);
        expect(found.score).toBeLessThanOrEqual(1);
        if (found.onset !== null) expect(found.series.times).toContain(found.onset);
        expect(found.onset === null).toBe(found.change === "usual");
      }),
    );
  });

  it("sees the mirror image of a change as the same change the other way", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (deviations) => {
          const [turn] = turnsFrom(deviations, 0, 2);
          const mirrored = turnsFrom(
            deviations.map((one) => -one),
            0,
            2,
          );
          expect(mirrored[0]?.weight).toBe(turn?.weight);
        },
      ),
    );
  });

  it("never has a spread below the floor, whatever the baseline", () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: FEWEST_SAMPLES, maxLength: 100 }),
        fc.double({ min: 0.001, max: 10, noNaN: true }),
        (before, least) => {
          const usual = usualOf({ times: before.map((_, index) => index), values: before, leftOut: [] }, () => least);
          expect(usual?.above).toBeGreaterThanOrEqual(least);
          expect(usual?.below).toBeGreaterThanOrEqual(least);
        },
      ),
    );
  });
});
