import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RECORDINGS } from "../paths.ts";
import { run } from "../shell.ts";
import { faultyUpstream } from "./faulty-upstream.ts";
import { DoesNotApply, mergeProposal } from "./proposal.ts";
import { type AlertState, Watch } from "./watch.ts";

const RECORDING = path.join(RECORDINGS, "bad-deployment-three-hops");

describe("what is merged in a replay", () => {
  let directory: string;
  let upstream: string;
  let faulty: string;
  const git = (...args: string[]): Promise<string> => run("git", args, { cwd: upstream });
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "replay-"));
    upstream = path.join(directory, "upstream.git");
    const alert = JSON.parse(await readFile(path.join(RECORDING, "alert.json"), "utf8")).alerts[0].startsAt;
    faulty = await faultyUpstream(RECORDING, new Date(alert), upstream);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("begins at the newest commit of before the alert, which is the culprit or comes after it", async () => {
    expect(await git("rev-parse", "main")).toBe(faulty);
    const expected = await readFile(path.join(RECORDING, "expected.yaml"), "utf8");
    const culprit = /culprit_commit: (\w+)/.exec(expected)?.[1] ?? "";
    await expect(git("merge-base", "--is-ancestor", culprit, "main")).resolves.toBe("");
  });

  it("is the proposed diff, on main, by a merge", async () => {
    const before = await git("show", "main:deploy/promotions.yaml");
    const clone = path.join(directory, "author");
    await run("git", ["clone", "--quiet", upstream, clone]);
    await writeFile(path.join(clone, "deploy", "promotions.yaml"), before.replace('value: "2"', 'value: "12"'));
    const diff = await run("git", ["diff"], { cwd: clone });
    const merged = await mergeProposal({ title: "Raise the pool", diff }, upstream, path.join(directory, "clone"));
    expect(await git("rev-parse", "main")).toBe(merged);
    expect(await git("log", "-1", "--format=%P", "main")).toContain(faulty);
    expect(await git("show", "main:deploy/promotions.yaml")).toContain('value: "12"');
  });

  it("is nothing when the diff does not fit what is deployed", async () => {
    const diff = "--- a/services/cart/main.js\n+++ b/services/cart/main.js\n@@ -1 +1 @@\n-nothing of the kind\n+else\n";
    const merging = mergeProposal({ title: "Wrong", diff }, upstream, path.join(directory, "clone"));
    await expect(merging).rejects.toThrow(DoesNotApply);
    await expect(merging).rejects.toThrow(/services\/cart\/main.js/);
    expect(await git("rev-parse", "main")).toBe(faulty);
  });
});

describe("what counts after a merge", () => {
  const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 2, 10, 0, seconds));
  const alert = (name: string, activeAt: number, state: AlertState["state"] = "firing"): AlertState => ({
    name,
    service: "storefront",
    state,
    activeAt: at(activeAt),
  });

  it("is quiet from when the alert stopped, and not at all when it came back", () => {
    const watch = new Watch("Slow", at(100));
    watch.see([alert("Slow", 10)], at(110));
    expect(watch.quietSince).toBeUndefined();
    watch.see([], at(120));
    watch.see([], at(130));
    expect(watch.quietSince).toEqual(at(120));
    watch.see([alert("Slow", 135)], at(140));
    expect(watch.quietSince).toBeUndefined();
  });

  it("holds against a fix what begins after it and fires, but not what had begun before or never fired", () => {
    const watch = new Watch("Slow", at(100));
    watch.see([alert("Errors", 95), alert("Memory", 120), alert("Queue", 125, "pending")], at(180));
    expect(watch.others).toEqual(["Memory on storefront"]);
  });

  it("holds nothing against it that the traffic of the scenario brings by itself", () => {
    const watch = new Watch("Slow", at(100), ["Traffic"]);
    watch.see([alert("Traffic", 120), alert("Memory", 130)], at(180));
    expect(watch.others).toEqual(["Memory on storefront"]);
  });
});
