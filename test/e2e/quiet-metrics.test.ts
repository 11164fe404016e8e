import { afterAll, describe, expect, it } from "vitest";
import { cleanupRecordings, logLine, series, writeRecording } from "../support/recording.ts";
import { readReport, triage } from "./oncall.ts";

afterAll(cleanupRecordings);

const USUAL = Array.from({ length: 90 }, (_, index) => 0.001 + (index % 5) / 10_000);
const quiet = ["storefront", "checkout", "pricing"].flatMap((name) => series(name, "error_ratio", USUAL, 5));
const NAMES = ["storefront", "checkout", "pricing"];
/** Ordinary lines of everybody, one a minute. */
const chatter = NAMES.flatMap((name) =>
  Array.from({ length: 45 }, (_, index) => logLine(-40 + index, name, "info", `served request ${index}`)),
);
/** Errors that the code answers with a success. */
const swallowed = (name: string, from: number) =>
  Array.from({ length: 30 }, (_, index) =>
    logLine(from + index / 10, name, "error", `price of sku ${index} is null, left out`),
  );

const logs = (...more: ReturnType<typeof logLine>[]) =>
  [...chatter, ...more].sort((a, b) => (String(a["@timestamp"]) < String(b["@timestamp"]) ? -1 : 1));
const triaged = async (input: Parameters<typeof writeRecording>[0]) => {
  const { out } = await triage(await writeRecording(input), { args: ["--engine", "rules", "--quiet"] });
  return readReport(out);
};

describe("where the metrics make nobody a suspect", () => {
  it("the rules read every log of the walk, and suspect the deepest that has new trouble first", async () => {
    const carried = swallowed("checkout", -2);
    const report = await triaged({ metrics: quiet, logs: logs(...swallowed("pricing", -2.2), ...carried) });
    expect(report.suspects[0]?.name).toBe("pricing");
    expect(report.suspects.map(({ name }) => name)).toContain("checkout");
  });

  it("one kind of evidence stays one: the outcome is inconclusive", async () => {
    const report = await triaged({ metrics: quiet, logs: logs(...swallowed("pricing", -2)) });
    expect(report).toMatchObject({ outcome: "inconclusive", fix: { kind: "none" } });
  });

  it("two that stand out about equally are both shown, and neither is named", async () => {
    const both = [...swallowed("checkout", -2), ...swallowed("search", -2)];
    const catalog = [
      { name: "storefront", on: ["component:default/checkout", "component:default/search"] },
      { name: "checkout", on: [] },
      { name: "search", on: [] },
    ].map(({ name, on }) => ({
      ...{ apiVersion: "backstage.io/v1alpha1", kind: "Component", metadata: { name } },
      spec: { type: "service", dependsOn: on },
    }));
    const report = await triaged({ catalog, metrics: quiet, logs: logs(...both) });
    expect(report.culprit).toBeNull();
    expect(report.diagnosis?.text).toMatch(/checkout and search stand out about equally|search and checkout/);
    expect(
      report.suspects
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["checkout", "search"]);
  });
});
