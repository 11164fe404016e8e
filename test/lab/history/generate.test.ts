import { alertFingerprint } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { formatHistory, generateHistory } from "./generate.ts";

const UNTIL = new Date("2026-11-02T10:00:00Z");
const LABELS = { cluster: "eu-north-1-prod", namespace: "shop" };
const generate = (seed: number) => generateHistory({ until: UNTIL, labels: LABELS, seed, random: createRandom(seed) });

describe("the generated history", () => {
  const incidents = generate(1);

  it("is the same for the same seed and another for another", () => {
    expect(formatHistory(generate(1))).toBe(formatHistory(incidents));
    expect(formatHistory(generate(2))).not.toBe(formatHistory(incidents));
  });

  it("holds thousands of incidents over three years, in the order of their time, and says that it was generated", () => {
    expect(incidents.length).toBeGreaterThan(2500);
    const starts = incidents.map(({ started_at }) => started_at);
    expect(starts).toEqual([...starts].sort());
    expect(Date.parse(starts[0] ?? "")).toBeLessThan(UNTIL.getTime() - 1090 * 24 * 3_600_000);
    expect(new Set(incidents.map(({ source }) => source))).toEqual(new Set(["generated, seed 1"]));
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
  });

  it("has fingerprints that the product computes for the same alert", () => {
    const labels = { ...LABELS, alertname: "StorefrontLatencyHigh", service: "storefront", severity: "page" };
    const fingerprint = alertFingerprint({ alert: "StorefrontLatencyHigh", service: "storefront", labels });
    const alike = incidents.filter((incident) => incident.fingerprint === fingerprint);
    expect(alike.length).toBeGreaterThan(60);
    expect(new Set(alike.map(({ alert }) => alert))).toEqual(new Set(["StorefrontLatencyHigh"]));
  });

  it("knows fixes that failed, and peaks that needed none", () => {
    const restarts = incidents.filter(({ fix }) => fix === "restarted the pods of promotions");
    expect(restarts.some(({ fix_worked }) => !fix_worked)).toBe(true);
    const peaks = incidents.filter(({ fix }) => fix === "no action, traffic peak");
    expect(peaks.length).toBeGreaterThan(40);
    expect(peaks.every(({ pr_url }) => pr_url === null)).toBe(true);
  });

  it("has a few incidents that begin after the alert, for readers to leave out", () => {
    const later = incidents.filter(({ started_at }) => Date.parse(started_at) > UNTIL.getTime());
    expect(later).toHaveLength(4);
  });
});
