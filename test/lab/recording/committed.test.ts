import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { HOSTILE } from "../hostile/index.ts";
import { RECORDINGS } from "../paths.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import { run } from "../shell.ts";
import { weigh } from "./write.ts";

const committed = (await readdir(RECORDINGS, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe("the committed recordings", () => {
  it("weigh a megabyte each and 25 in all at the most", async () => {
    const weights = await Promise.all(committed.map((name) => weigh(path.join(RECORDINGS, name))));
    expect(Math.max(...weights)).toBeLessThan(1_000_000);
    expect(weights.reduce((sum, one) => sum + one, 0)).toBeLessThan(25_000_000);
  });

  it("hold every scenario", () => {
    expect(committed).toEqual(expect.arrayContaining(SCENARIOS.map(({ name }) => name)));
  });

  it.each(committed)("%s names no scenario and no folder of the lab in what a reader is shown", async (name) => {
    const file = (part: string) => path.join(RECORDINGS, name, part);
    const bundle = await mkdtemp(path.join(os.tmpdir(), "lab-"));
    try {
      await run("git", ["clone", "--quiet", "--mirror", file("repo.bundle"), bundle]);
      const shown = [
        ...(await Promise.all(
          ["alert.json", "catalog.yaml", "deployments.ndjson"].map((part) => readFile(file(part))),
        )),
        ...(await Promise.all(
          ["logs.ndjson.gz", "history.ndjson.gz", "metrics.csv.gz"].map(async (part) =>
            gunzipSync(await readFile(file(part))),
          ),
        )),
        await run("git", ["log", "--all", "--patch"], { cwd: bundle }),
      ].map(String);
      const names = [...SCENARIOS, ...HOSTILE].map((one) => one.name);
      for (const hint of [...names, "/.work/", "/worktrees/", "/tmp/"]) {
        expect(
          shown.some((text) => text.includes(hint)),
          hint,
        ).toBe(false);
      }
    } finally {
      await rm(bundle, { recursive: true, force: true });
    }
  });

  it.each(committed)("%s is one that the lab makes, and expects what its scenario says", async (name) => {
    const expected = parse(await readFile(path.join(RECORDINGS, name, "expected.yaml"), "utf8"));
    const notes = await readFile(path.join(RECORDINGS, name, "NOTES.md"), "utf8");
    const scenario = SCENARIOS.find((one) => expected.source === `oncall-copilot lab, scenario ${one.name}`);
    expect(scenario).toBeDefined();
    const made = /`npm run lab -- (?<run>[\w,-]+) --seed (?<seed>\d+)`/.exec(notes)?.groups;
    const seeded = made?.["seed"] === "1" ? scenario?.name : `${scenario?.name}-${made?.["seed"]}`;
    expect(name === seeded || HOSTILE.some((one) => one.name === name)).toBe(true);
    expect(expected.family).toBe(scenario?.family);
    expect(expected.root_cause).toEqual(scenario?.rootCause);
    expect(expected.fix?.files ?? null).toEqual(scenario?.fixFiles);
  });
});
