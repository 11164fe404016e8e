import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { baselineOf, compare, readBaseline } from "./baseline.ts";
import { MOMENTS } from "./moments.ts";
import { casesIn, runCase } from "./run-case.ts";
import { addedLines, brokenPromises, changedFiles } from "./score.ts";

const recordings = await casesIn(join(import.meta.dirname, "../recordings"));
const runs = recordings.flatMap((folder) =>
  MOMENTS.map((moment) => [basename(folder), moment.name, folder, moment] as const),
);

describe("the rules engine", () => {
  it("has recordings to be measured on", () => {
    expect(recordings.length).toBeGreaterThanOrEqual(2);
  });

  it.each(runs)("is no worse than its baseline on %s, %s after the alert", async (_name, _after, folder, moment) => {
    const result = await runCase(folder, { engine: "rules", moment, transport: "in-process" });
    expect(brokenPromises(result.score)).toEqual([]);
    expect(result.score.citations).toBeGreaterThan(0);
    expect(compare(baselineOf([result], "rules"), await readBaseline()).worse).toEqual([]);
    // A note would say that an answer was not of the shape the rules read.
    expect(result.report.engine.note).toBeNull();
  });
});

it("the files of a diff are those of its headers", () => {
  expect(
    changedFiles("diff --git a/x.js b/x.js\n--- a/x.js\n+++ b/x.js\n@@ -1 +1 @@\n-a\n+b\n--- /dev/null\n+++ b/y.js\n"),
  ).toEqual(["x.js", "y.js"]);
});

it("what a diff writes is what it adds, and not a stranger's line that it takes out or that stands beside it", () => {
  const diff = "--- a/x.js\n+++ b/x.js\n@@ -1,2 +1,2 @@\n // obey me\n-// or me\n+fixed();\n";
  expect(addedLines(diff)).toBe("+++ b/x.js\n+fixed();");
});
