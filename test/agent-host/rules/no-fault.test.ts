import { describe, expect, it } from "vitest";
import { at, causeOf, drafted, item, logsOf, pattern, signal, suspect } from "./given.ts";

const past = (nothing: number, count = 20) => {
  const text = `storefront StorefrontErrorsHigh: ${count} past incidents with this fingerprint\nRoot causes: "none: the digest was on its way out" ${nothing} of ${count}; "relay: down" ${count - nothing} of ${count}`;
  return {
    ...{ basis: "fingerprint" as const, count, fixes: [] },
    root_causes: [
      causeOf(text, "none: the digest was on its way out", nothing),
      causeOf(text, "relay: down", count - nothing),
    ],
    evidence: item("h", text, at("09:00:00")),
  };
};
const calm = suspect("storefront", 0, null, [
  signal("error_ratio", "symptom", "usual", 0, null),
  signal("requests_per_second", "load", "usual", 0, null),
]);
const metrics = { suspects: [calm], more: null, usual: [], missing: [] };

describe("an alert that comes for nothing", () => {
  it("is told by its past when nothing shows now, and quotes both", async () => {
    const draft = await drafted({ metrics, history: past(19) });
    expect(draft).toMatchObject({ family: "no_fault", culprit: null, fix: { kind: "none" } });
    expect(draft.diagnosis.supports.map(({ quote }) => quote)).toContain(
      '"none: the digest was on its way out" 19 of 20',
    );
  });

  it.each([
    ["it was something too often", { history: past(14) }],
    ["it came too seldom to tell", { history: past(4, 4) }],
    ["others merely like it were nothing", { history: { ...past(19), basis: "alike" as const } }],
    [
      "its log began to err with the alert",
      { history: past(19), logs: logsOf("storefront", pattern("storefront", at("09:59:00"))) },
    ],
  ])("is not told so when %s", async (_why, more) => {
    expect((await drafted({ metrics, ...more })).family).not.toBe("no_fault");
  });

  it("nor when a symptom is out of its range", async () => {
    const bad = suspect("storefront", 0.8, at("09:58:00"), [
      signal("error_ratio", "symptom", "up", 0.9, at("09:58:00")),
      signal("latency_p99_seconds", "symptom", "usual", 0, null),
    ]);
    expect((await drafted({ metrics: { ...metrics, suspects: [bad] }, history: past(19) })).family).not.toBe(
      "no_fault",
    );
  });
});

describe("what nobody feels", () => {
  const slow = suspect("pricing", 0.9, at("09:58:00"), [
    signal("latency_p50_seconds", "symptom", "up", 0.9, at("09:58:00")),
    signal("requests_per_second", "load", "usual", 0, null),
  ]);
  const given = {
    service: "pricing",
    metrics: { suspects: [slow], more: null, usual: [], missing: [] },
    closer: new Map([["pricing", slow]]),
  };
  const callers = (score: number) => ({
    read_metrics: ({ service }: Readonly<Record<string, unknown>>) => ({
      suspects: [
        suspect(String(service), score, at("09:58:00"), [
          signal("latency_p99_seconds", "symptom", score > 0 ? "up" : "usual", score, at("09:58:00")),
        ]),
      ],
      ...{ more: null, usual: [], missing: [] },
    }),
  });

  it("is measured wrongly: whoever calls it is as ever, and both sides are shown", async () => {
    const exporter = {
      ...pattern("pricing", at("09:57:40"), "uncompared", "exporter 0.16.0 listening"),
      level: "info" as const,
    };
    const draft = await drafted({ ...given, logs: logsOf("pricing", exporter) }, callers(0));
    expect(draft).toMatchObject({ family: "no_fault", culprit: null, fix: { kind: "none" } });
    expect(draft.diagnosis.text).toContain("storefront and search, which call it, show no such trouble");
    expect(draft.diagnosis.contradicts).toHaveLength(1);
    expect(draft.claims.flatMap(({ supports }) => supports.map(({ quote }) => quote))).toContain(
      "exporter 0.16.0 listening",
    );
  });

  it("is not told so when a caller feels it, when no caller could be measured, or when its own log errs", async () => {
    expect((await drafted(given, callers(0.8))).culprit).toBe("pricing");
    expect((await drafted(given)).culprit).toBe("pricing");
    const logs = logsOf("pricing", pattern("pricing", at("09:58:00")));
    expect((await drafted({ ...given, logs }, callers(0))).culprit).toBe("pricing");
  });

  it("is not told so of what callers cannot feel: a disk that fills is a fault all the same", async () => {
    const full = suspect("pricing", 0.9, at("09:58:00"), [
      signal("disk_used_ratio", "symptom", "up", 0.9, at("09:58:00")),
    ]);
    const disk = { ...given, metrics: { ...given.metrics, suspects: [full] }, closer: new Map([["pricing", full]]) };
    expect((await drafted(disk, callers(0))).culprit).toBe("pricing");
  });
});
