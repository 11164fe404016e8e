import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { checkRecording } from "@oncall-copilot/core/recording";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { weigh } from "../recording/write.ts";
import { neutralName } from "./recording/record.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const FOLDER = path.join(import.meta.dirname, "..", "..", "recordings-skerry");
const cases = SCENARIOS.flatMap((scenario) =>
  scenario.seeds.map((seed) => ({ scenario, seed, name: neutralName(scenario, seed) })),
);

describe("the committed recordings of the second estate", () => {
  it("are those that its scenarios make, at least sixteen of them twice, half of them held out", async () => {
    const folders = (await readdir(FOLDER)).filter((name) => name !== "README.md");
    expect(folders.sort()).toEqual(cases.map(({ name }) => name).sort());
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(16);
    expect(cases.filter(({ seed }) => seed.heldOut)).toHaveLength(cases.length / 2);
  });

  it("weigh 12 MB at the most", async () => {
    const weights = await Promise.all(cases.map(({ name }) => weigh(path.join(FOLDER, name))));
    expect(weights.reduce((sum, one) => sum + one, 0)).toBeLessThan(12_000_000);
  });

  // Each was checked when it was made; a whole check fetches five bundles, so a few stand for all.
  it.each(cases.filter((_, index) => index % 9 === 0))("$name is well formed", async ({ name }) => {
    expect(await checkRecording(path.join(FOLDER, name))).toEqual([]);
  });

  it.each(cases)("$name expects what its scenario says", async ({ scenario, seed, name }) => {
    const folder = path.join(FOLDER, name);
    const expected = parse(await readFile(path.join(folder, "expected.yaml"), "utf8"));
    expect(expected).toMatchObject({ root_cause: scenario.rootCause, family: scenario.family, held_out: seed.heldOut });
    expect(expected.fix?.files ?? null).toEqual(scenario.fix?.files ?? null);
    const culprit = scenario.happenings.some(
      (one) => ("commits" in one && one.commits.some((commit) => commit.culprit)) || ("culprit" in one && one.culprit),
    );
    expect(typeof expected.fix?.culprit_commit === "string").toBe(culprit);
    expect(expected.decoys).not.toContain(expected.fix?.culprit_commit);
  });

  it.each(cases)("$name tells a reader nothing of its scenario", async ({ name }) => {
    const file = (part: string) => readFile(path.join(FOLDER, name, part));
    const shown = [
      ...(await Promise.all(["alert.json", "catalog.yaml", "deployments.ndjson"].map(file))),
      ...(await Promise.all(["logs.ndjson.gz", "history.ndjson.gz"].map(async (part) => gunzipSync(await file(part))))),
    ].map(String);
    for (const hint of [...SCENARIOS.map((one) => one.name), "culprit", "scenario", "simulat"]) {
      expect(
        shown.some((text) => text.includes(hint)),
        hint,
      ).toBe(false);
    }
  });
});
