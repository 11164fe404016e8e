import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepReplay, readReplays, worked } from "./replays.ts";

const diff = (id: string, size: number) =>
  `diff --git a/x.yaml b/x.yaml\nindex ${id}..e69de29 100644\n--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-size: 2\n+size: ${size}\n`;

describe("a verdict of the lab", () => {
  let file: string;
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), "replays-")), "replays.json");
    await writeFile(file, "{}");
    await keepReplay({ recording: "one", diff: diff("ce01362", 6), works: true, why: "it resolved" }, file);
    await keepReplay({ recording: "one", diff: diff("ce01362", 3), works: false, why: "it did not" }, file);
  });
  afterEach(() => rm(join(file, ".."), { recursive: true, force: true }));

  it("holds for the same change, however its ids are abbreviated, and for no other", async () => {
    const replays = await readReplays(file);
    expect(worked(replays, "one", diff("ce013625030ba8dba906f756967f9e9ca394464a", 6))).toBe(true);
    expect(worked(replays, "one", diff("ce01362", 3))).toBe(false);
    expect(worked(replays, "one", diff("ce01362", 12))).toBeNull();
    expect(worked(replays, "another", diff("ce01362", 6))).toBeNull();
  });
});
