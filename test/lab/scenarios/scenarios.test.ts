import { describe, expect, it } from "vitest";
import { moveFault } from "../move-fault.ts";
import type { Scenario } from "../scenario.ts";
import { RESOURCES, SERVICES } from "../topology.ts";
import { SCENARIOS } from "./index.ts";

const named = (name: string): Scenario => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario;
};

describe("the scenarios", () => {
  it("cover every family, each with two incidents at the least", () => {
    const counts = new Map<string, number>();
    for (const { family } of SCENARIOS) counts.set(family, (counts.get(family) ?? 0) + 1);
    expect(counts.size).toBe(7);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(2);
  });

  it.each(SCENARIOS)("$name breaks after twelve minutes or more, with innocent commits around it", (scenario) => {
    const { faultAt, happenings } = scenario;
    expect(faultAt).toBeGreaterThanOrEqual(720);
    expect(happenings.map(({ at }) => at)).toEqual(happenings.map(({ at }) => at).sort((a, b) => a - b));
    const innocent = happenings.filter((one) => "change" in one && one.culprit !== true);
    expect(innocent.length).toBeGreaterThanOrEqual(3);
  });

  it.each(SCENARIOS.filter(({ rootCause }) => rootCause !== null))(
    "$name blames something that there is",
    (scenario) => {
      const { rootCause } = scenario;
      const names: readonly string[] = rootCause?.kind === "resource" ? RESOURCES : SERVICES;
      expect(names).toContain(rootCause?.service);
    },
  );

  it("can be tried with an early fault: all moves, and what would lie before the beginning is left out", () => {
    const tried = moveFault(named("expired-secret-database"), 60);
    expect(tried.faultAt).toBe(60);
    expect(tried.expiries).toEqual({ "stock-db": 60 });
    expect(tried.happenings.map(({ at }) => at)).toEqual([135]);
    const peak = named("undersized-hpa-max");
    expect(moveFault(peak, 60).traffic(200)).toBe(peak.traffic(200 + peak.faultAt - 60));
  });
});
