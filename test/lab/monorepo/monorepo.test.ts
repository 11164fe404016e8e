import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHOP_TEMPLATE } from "../paths.ts";
import { createRandom } from "../random.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import { run } from "../shell.ts";
import { buildMonorepo } from "./build.ts";
import { applyEdits } from "./edit.ts";
import { INNOCENT_COMMITS } from "./innocent-commits.ts";
import { copyTree } from "./repository.ts";
import { touchedServices } from "./touched.ts";

const BEGINS = new Date("2026-11-02T10:00:00Z");

// A hundred and more calls of git: seconds on a quiet machine, more on a busy one.
describe("the monorepo", { timeout: 90_000 }, () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "lab-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it("ends as the template, after a past of dozens of commits and some merges, all before the recording", async () => {
    const { repository, deployments } = await buildMonorepo(path.join(directory, "a"), BEGINS, createRandom(1));
    const git = (...args: string[]): Promise<string> => run("git", args, { cwd: repository.upstream });
    const dates = (await git("log", "--format=%ct", "main")).split("\n").map((seconds) => Number(seconds) * 1000);
    expect(dates.length).toBeGreaterThan(45);
    expect(Math.max(...dates)).toBeLessThan(BEGINS.getTime());
    expect((await git("log", "--merges", "--format=%s", "main")).split("\n").length).toBeGreaterThan(5);
    expect(deployments.every(({ at }) => at < BEGINS)).toBe(true);
    for (const file of await filesIn(SHOP_TEMPLATE)) {
      const built = await readFile(path.join(repository.clone, file), "utf8");
      expect(built, file).toBe(await readFile(path.join(SHOP_TEMPLATE, file), "utf8"));
    }
  });

  it("has the same commits for the same seed", async () => {
    const { repository } = await buildMonorepo(path.join(directory, "b"), BEGINS, createRandom(1));
    const head = (upstream: string): Promise<string> => run("git", ["rev-parse", "main"], { cwd: upstream });
    expect(await head(repository.upstream)).toBe(await head(path.join(directory, "a", "upstream.git")));
  });

  it.each(SCENARIOS)("takes every commit of $name, in their order", async (scenario) => {
    const tree = path.join(directory, scenario.name);
    await copyTree(SHOP_TEMPLATE, tree);
    for (const { edits } of scenario.past?.(BEGINS).commits ?? []) await applyEdits(tree, edits);
    for (const happening of scenario.happenings) {
      if (!("change" in happening)) continue;
      const { change } = happening;
      await applyEdits(tree, (typeof change === "string" ? INNOCENT_COMMITS[change] : change).edits);
    }
  });

  it("takes all innocent commits together", async () => {
    const tree = path.join(directory, "innocent");
    await copyTree(SHOP_TEMPLATE, tree);
    for (const change of Object.values(INNOCENT_COMMITS)) await applyEdits(tree, change.edits);
  });

  it("rolls out a service for its source, its manifest and the config it reads, but not for its README", async () => {
    const touched = (file: string): Promise<string[]> => touchedServices(SHOP_TEMPLATE, [file]);
    expect(await touched("services/promotions/offers.js")).toEqual(["promotions"]);
    expect(await touched("deploy/cart.yaml")).toEqual(["cart"]);
    expect(await touched("deploy/config/databases.yaml")).toEqual(["accounts", "promotions", "inventory"]);
    expect(await touched("services/promotions/README.md")).toEqual([]);
    expect(await touched("lib/cache.js")).toHaveLength(12);
  });
});

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}
