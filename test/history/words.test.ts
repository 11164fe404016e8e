import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { statisticsText } from "../../servers/history/src/statistics-text.ts";
import { MAX_WORDS, type Statistics } from "../../servers/history/src/store.ts";
import { tellingWords } from "../../servers/history/src/words.ts";

describe("the words a symptom is looked up by", () => {
  test("are those that tell something, the longer first, without the service's own name", () => {
    expect(tellingWords("storefront: the connection pool is above its limit for 5 minutes", "storefront")).toEqual([
      "connection",
      "limit",
      "pool",
    ]);
  });

  test("are an alert name's parts when there are no others", () => {
    expect(tellingWords("KubePodCrashLooping", "storefront")).toEqual(
      ["crash", "looping", "kube", "pod"].sort((a, b) => b.length - a.length),
    );
  });

  test("are few, lower-case and each there once, whatever is asked", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, service) => {
        const words = tellingWords(text, service);
        expect(words.length).toBeLessThanOrEqual(MAX_WORDS);
        expect(new Set(words).size).toBe(words.length);
        for (const word of words) expect(word).toBe(word.toLowerCase());
      }),
    );
  });
});

describe("the sentences of the figures", () => {
  const SUNDAY = Date.parse("2026-03-01T10:05:00Z");
  const given: Statistics = {
    basis: "fingerprint",
    count: 8,
    open: 0,
    last90Days: 2,
    last365Days: 8,
    firstAt: Date.parse("2025-06-01T10:00:00Z"),
    lastAt: Date.parse("2026-02-01T10:00:00Z"),
    medianSeconds: 1_320,
    p25Seconds: 900,
    p75Seconds: 2_460,
    sameWeekday: 1,
    sameHour: 1,
    withCause: 8,
    rootCauses: [{ rootCause: "disk full", count: 8 }],
    distinctFixes: 1,
    fixes: [{ fix: "freed it", worked: 7, failed: 1, unknown: 0, medianSeconds: 1_200 }],
  };
  const say = (changed: Partial<Statistics>) =>
    statisticsText("storefront DiskFull", "of this alert and service", { ...given, ...changed }, SUNDAY);

  test("hold every figure a person would quote, with units", () => {
    expect(say({})).toBe(
      [
        "storefront DiskFull: 8 past incidents of this alert and service, from 2025-06-01T10:00:00Z to 2026-02-01T10:00:00Z; 2 in the last 90 days, 8 in the last 365 days",
        "Resolved in 22 min in the median (15 min to 41 min for the middle half)",
        'Root causes: "disk full" 8 of 8',
        'Fixes: "freed it" worked 7 of 8 times (20 min in the median)',
      ].join("\n"),
    );
  });

  test("mention a weekday or an hour only where half of enough incidents share it", () => {
    expect(say({ sameWeekday: 4 })).toContain("4 of 8 began on a Sunday, as now");
    expect(say({ sameHour: 6 })).toContain("6 of 8 began within an hour of 10:00 UTC, as now");
    expect(say({ sameWeekday: 3, sameHour: 3 })).not.toContain("as now");
    expect(say({ count: 3, sameWeekday: 3 })).not.toContain("as now");
  });

  test("speak of one incident without a median, and of none resolved", () => {
    expect(say({ count: 1, medianSeconds: 60, p25Seconds: 60, p75Seconds: 60 })).toContain("\nResolved in 60 s\n");
    expect(say({ open: 8, medianSeconds: null, p25Seconds: null, p75Seconds: null })).toContain(
      "None was resolved; 8 not resolved yet",
    );
  });

  test("say that a fix's outcome is unknown rather than that it worked 0 times", () => {
    const fixes = [{ fix: "freed it", worked: 0, failed: 0, unknown: 3, medianSeconds: null }];
    expect(say({ fixes })).toContain('"freed it" tried 3 times, outcome unknown');
  });
});
