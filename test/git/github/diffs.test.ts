import { join } from "node:path";
import { CouldNotLook } from "@oncall-copilot/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { LOG_FILES, LOG_FORMAT, parseLog } from "../../../servers/git/src/git/log.ts";
import { changedFiles, sectionsOf } from "../../../servers/git/src/stores/github/diff-sections.ts";
import { changedThese } from "../../../servers/git/src/stores/github/lines-followed.ts";
import { narrowDiff } from "../../../servers/git/src/stores/github/narrow-diff.ts";
import { bare } from "../../support/github/bare-git.ts";
import { cleanup, git, TestRepo } from "../support.ts";

afterAll(cleanup);

/** Not trimmed: a diff may end in an empty line. */
const raw = (repo: TestRepo, args: readonly string[]) =>
  bare(join(repo.dir, ".git"), ["diff-tree", "-r", "-p", "-M", "--no-commit-id", ...args]);

/** Text whose lines repeat, so that hunks lie near each other and headings are near them. */
const line = fc.constantFrom(
  "function one() {",
  "  a();",
  "  b();",
  "}",
  "",
  "$total = 1",
  "class Two {",
  "  c();",
  "\\ odd",
);
const text = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.boolean())
  .map(([lines, ended]) => `${lines.join("\n")}${ended ? "\n" : ""}`);

describe("a narrower diff", () => {
  it("is what git itself gives with so many lines around each change", () => {
    const repo = new TestRepo();
    const at = repo.write("a.js", "x\n").commit({ minutes: -100 });
    expect(at).toHaveLength(40);
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 3 }), (before, after, lines) => {
        repo.write("a.js", before).commit({ minutes: -50 });
        repo.write("a.js", after).commit({ minutes: -40 });
        const wide = raw(repo, ["HEAD^", "HEAD"]);
        expect(narrowDiff(wide, lines, undefined)).toBe(raw(repo, [`--unified=${lines}`, "HEAD^", "HEAD"]));
      }),
      { numRuns: 30 },
    );
  });

  it("of one file or folder has that alone", () => {
    const repo = new TestRepo().write("a/b.js", "1\n").write("a/c.js", "1\n").write("ab.js", "1\n");
    repo.commit({ minutes: -9 });
    repo.write("a/b.js", "2\n").write("a/c.js", "2\n").write("ab.js", "2\n").commit({ minutes: -8 });
    const wide = raw(repo, ["HEAD^", "HEAD"]);
    for (const path of ["a", "a/", "a/b.js"]) {
      expect(narrowDiff(wide, 3, path)).toBe(raw(repo, ["HEAD^", "HEAD", "--", path]));
    }
    expect(narrowDiff(wide, 3, "b")).toBe("");
  });
});

describe("the files of a diff", () => {
  it("are those that git lists: added, gone, renamed, binary, empty, of other modes and with odd names", async () => {
    const repo = new TestRepo();
    const long = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    repo
      .write("gone.txt", "1\n2\n")
      .write("moved.txt", `${long}\n`)
      .write("kept.txt", "1\n")
      .write("bin", Buffer.from([0, 1, 2]));
    repo.write("linked", "target\n").write("--- a.txt", "1\n").write("no end", "1").commit({ minutes: -9 });
    repo.remove("gone.txt").remove("linked").remove("moved.txt").write("sub/moved to.txt", `${long}\nmore\n`);
    repo
      .write("bin", Buffer.from([0, 1, 3]))
      .write("empty", "")
      .write('q"uoted\tñ.txt', "1\n")
      .write("b b/a b.txt", "1\n");
    repo
      .write("--- a.txt", "-- b\n++ c\n")
      .write("no end", "2")
      .write("new.bin", Buffer.from([0, 9]));
    git(repo.dir, ["update-index", "--chmod=+x", "kept.txt"]);
    git(repo.dir, ["config", "core.fileMode", "false"]);
    git(repo.dir, ["config", "core.symlinks", "true"]);
    const blob = git(repo.dir, ["hash-object", "-w", "--stdin"], { input: "lib" });
    git(repo.dir, ["add", "--all"]);
    git(repo.dir, ["update-index", "--add", "--cacheinfo", `120000,${blob},linked`]);
    git(repo.dir, ["commit", "--quiet", "-m", "all of it"]);
    const diff = raw(repo, ["HEAD^", "HEAD"]);
    expect(diff).toContain("rename to sub/moved to.txt");
    const linesOf = async (path: string) => git(repo.dir, ["show", `HEAD:${path}`]).split("\n").length;
    const log = git(repo.dir, ["log", "-1", ...LOG_FILES, ...LOG_FORMAT]);
    expect(await changedFiles(sectionsOf(diff), linesOf)).toEqual(parseLog(Buffer.from(log))[0]?.files);
  });

  it("counts the lines of so many renamed files at once, and none of the rest or of one that cannot be read", async () => {
    const renames = Array.from({ length: 30 }, (_, n) => {
      return `diff --git a/old/${n} b/new/${n}\nsimilarity index 100%\nrename from old/${n}\nrename to new/${n}\n`;
    });
    const asked: string[] = [];
    let go = () => {};
    const all = new Promise<void>((resolve) => {
      go = resolve;
    });
    const files = await changedFiles(sectionsOf(renames.join("")), async (path) => {
      if (asked.push(path) === 20) go();
      if (path !== "new/0") await all;
      if (path === "new/3") throw new CouldNotLook("timed_out", "GitHub did not answer");
      return 7;
    });
    expect(asked).toHaveLength(20);
    const added = new Map(files.map((file) => [file.path, file.added]));
    expect([0, 3, 19, 20].map((n) => added.get(`new/${n}`))).toEqual([7, null, 7, null]);
  });
});

describe("lines that are followed", () => {
  const edit = (before: [number, number], after: [number, number]) => ({
    before: { first: before[0], count: before[1] },
    after: { first: after[0], count: after[1] },
  });
  const own = [edit([10, 2], [10, 3])]; // lines 10 to 12

  it.each([
    ["one of them is changed", [edit([11, 1], [11, 1])], ["a"]],
    ["lines above are changed", [edit([9, 1], [9, 1])], []],
    ["lines below are changed", [edit([13, 1], [13, 1])], []],
    ["something is put between them", [edit([11, 0], [11, 2])], ["a"]],
    ["something is put right above or below", [edit([10, 0], [10, 2]), edit([13, 0], [15, 1])], []],
    ["all of them are gone", [edit([8, 9], [8, 0])], ["a"]],
  ])("when %s", (_, edits, changed) => {
    expect(changedThese(own, [{ sha: "a", edits }])).toEqual(changed);
  });

  it("are found where others have moved them to", () => {
    const moved = { sha: "moved", edits: [edit([1, 0], [1, 100])] };
    expect(changedThese(own, [moved, { sha: "old place", edits: [edit([11, 1], [11, 1])] }])).toEqual([]);
    expect(changedThese(own, [moved, { sha: "new place", edits: [edit([111, 1], [111, 1])] }])).toEqual(["new place"]);
  });
});
