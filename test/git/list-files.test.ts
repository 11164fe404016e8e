import { createHash } from "node:crypto";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { encode } from "gpt-tokenizer";
import { afterAll, describe, expect, it } from "vitest";
import { cleanupRecordings } from "../support/recording.ts";
import { at, cleanup, git, manifest, rollout, serveRecording, shopRepo } from "./support.ts";

afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

interface Listed {
  readonly path: string;
  readonly own: boolean;
  readonly bytes: number;
}

interface ListAnswer {
  readonly summary: string;
  readonly total_lines: number;
  readonly next_start_line: number | null;
  readonly files: readonly Listed[];
  readonly evidence: { readonly text: string; readonly url: string; readonly at: string };
}

const answerOf = (result: { structured: object }) => result.structured as unknown as ListAnswer;
const shown = ({ path, own, bytes }: Listed) => `${own ? "own" : "shared"} ${path} ${bytes}`;

/** A shop with an autoscaler and a shared config map, in a folder each. */
function deployedShop() {
  const repo = shopRepo();
  repo.write("deploy/config/logging.yaml", "a: 1\n").write("deploy/pricing/hpa.yaml", "max: 4\n");
  repo.write("deploy/promotions/hpa.yaml", "max: 4\n");
  return { repo, sha: repo.commit({ minutes: -2000 }) };
}

describe("read_file of a folder", () => {
  it("lists what the service may read below it, its own first, with sizes, at what is deployed", async () => {
    const { repo, sha } = deployedShop();
    repo.write("deploy/pricing/later.yaml", "b: 1\n").commit({ minutes: -30 });
    const { call } = await serveRecording(repo, { deployments: [rollout("pricing", sha, -1900)] });
    const result = await call("read_file", { service: "pricing", path: "deploy/" });
    const bytes = Buffer.byteLength(manifest("pricing"));
    expect(result.structured).toMatchObject({
      outcome: "found",
      summary: `deploy/ at ${sha.slice(0, 12)} (deployed): 3 files that pricing may read, 2 of them its own. 4 of other services are not listed.`,
      ...{ path: "deploy/", revision: sha, first_line: 1, last_line: 3, total_lines: 3, next_start_line: null },
      files: [
        { path: "deploy/pricing.yaml", own: true, bytes },
        { path: "deploy/pricing/hpa.yaml", own: true, bytes: 7 },
        { path: "deploy/config/logging.yaml", own: false, bytes: 5 },
      ],
      evidence: {
        at: at(-2000),
        url: `https://github.com/example/shop/tree/${sha.slice(0, 12)}/deploy`,
        text: [
          `pricing files in deploy/ at ${sha} (deployed), 1 to 3 of 3, each with its size in bytes:`,
          `own deploy/pricing.yaml ${bytes}`,
          "own deploy/pricing/hpa.yaml 7",
          "shared deploy/config/logging.yaml 5",
        ].join("\n"),
      },
    });
    expect(result.text).toContain("\nown deploy/pricing/hpa.yaml 7\n");
  });

  it("lists the whole repository for /, and a folder at the revision that is asked for", async () => {
    const { repo, sha } = deployedShop();
    repo.write("deploy/pricing/later.yaml", "b: 1\n").commit({ minutes: -30 });
    const { call } = await serveRecording(repo);
    const root = answerOf(await call("read_file", { service: "pricing", path: "/" }));
    expect(root.files.map(({ path }) => path)).toEqual([
      ...["deploy/pricing.yaml", "deploy/pricing/hpa.yaml", "deploy/pricing/later.yaml", "services/pricing/main.js"],
      ...["deploy/config/logging.yaml", "lib/pool.js"],
    ]);
    expect(root.evidence.url).toBe(`https://github.com/example/shop/tree/${repo.head().slice(0, 12)}`);
    const then = await call("read_file", { service: "pricing", path: "deploy/pricing/", revision: sha });
    expect(answerOf(then).files.map(({ path }) => path)).toEqual(["deploy/pricing/hpa.yaml"]);
  });

  it("leaves out what it cannot read: links and submodules, and says how many", async () => {
    const repo = shopRepo();
    symlinkSync("/etc/passwd", join(repo.dir, "services/pricing/link"));
    git(repo.dir, ["update-index", "--add", "--cacheinfo", `160000,${repo.head()},services/pricing/module`]);
    git(repo.dir, ["add", "services/pricing/link"]);
    git(repo.dir, ["commit", "--quiet", "-m", "odd"], {
      env: { GIT_COMMITTER_DATE: at(-30), GIT_AUTHOR_DATE: at(-30) },
    });
    const { call } = await serveRecording(repo);
    const { files, summary } = answerOf(await call("read_file", { service: "pricing", path: "services/pricing/" }));
    expect(files.map(({ path }) => path)).toEqual(["services/pricing/main.js"]);
    expect(summary).toContain("1 file that pricing may read, all its own. 2 links or submodules are not listed.");
  });

  it("is bounded, says first what it left out and names narrower folders, and goes on from there", async () => {
    const repo = shopRepo();
    const hash = (i: number) => createHash("sha256").update(`${i}`).digest("hex").slice(0, 40);
    for (let i = 0; i < 150; i++) repo.write(`lib/${i % 3 === 0 ? `net/${hash(i)}` : "data/module"}-${i}.js`, "1\n");
    repo.commit({ minutes: -30 });
    const { call } = await serveRecording(repo);
    const seen: Listed[] = [];
    let start: number | null = 1;
    while (start !== null) {
      const result = await call("read_file", { service: "pricing", path: "lib/", start_line: start });
      expect(encode(result.text).length).toBeLessThan(1_500);
      expect(encode(JSON.stringify(result.structured)).length).toBeLessThan(1_500);
      const answer = answerOf(result);
      expect(answer.files.length).toBeLessThanOrEqual(60);
      expect(answer.evidence.text.split("\n").slice(1)).toEqual(answer.files.map(shown));
      if (start === 1) {
        expect(answer.summary).toMatch(
          /: files 1 to \d+ of 151 that pricing may read, its own first \(0\)\. Ask for a narrower folder \(lib\/data\/, lib\/net\/\), or for more with start_line=\d+\.$/,
        );
        expect(result.text.split("\n")[0]).toContain(answer.summary);
      }
      seen.push(...answer.files);
      start = answer.next_start_line;
    }
    expect(new Set(seen.map(({ path }) => path)).size).toBe(151);
    for (const path of ["lib/", "lib/net/"]) {
      const long = await call("read_file", { service: "pricing", path, lines: 150 });
      expect(long.structured["outcome"]).toBe("found");
      expect(answerOf(long).files.length).toBeGreaterThan(30);
    }
  });

  it("asks for the slash where a path names a folder without it", async () => {
    const { call } = await serveRecording(shopRepo());
    const result = await call("read_file", { service: "pricing", path: "deploy" });
    expect(result.structured).toMatchObject({
      outcome: "bad_request",
      message: "deploy is a folder: end the path in / to list its files",
      try_next: ["path deploy/"],
    });
    expect(
      (await call("read_file", { service: "pricing", path: "deploy/pricing.yaml/" })).structured["message"],
    ).toContain("deploy/pricing.yaml is a file: leave the / out to read it");
  });

  it("offers the nearest folders in place of one that is not there", async () => {
    const { repo } = deployedShop();
    const { call } = await serveRecording(repo);
    const near = async (path: string) => (await call("read_file", { service: "pricing", path })).structured;
    expect((await near("deploy/confg/"))["try_next"]).toContain("path deploy/config/");
    expect((await near("k8s/pricing/"))["try_next"]).toEqual(["path deploy/pricing/", "path services/pricing/"]);
    expect((await near("k8s/pricing/"))["message"]).toContain("there is no folder k8s/pricing/ at");
  });

  it("sends a reader to the owner for another service's folder, and past the end back", async () => {
    const { call } = await serveRecording(shopRepo());
    const other = await call("read_file", { service: "pricing", path: "services/promotions/" });
    expect(other.structured).toMatchObject({
      outcome: "bad_request",
      message: "services/promotions/ holds no file that pricing may read: they are promotions'",
      try_next: ["service promotions"],
    });
    const past = await call("read_file", { service: "pricing", path: "lib/", start_line: 2 });
    expect(past.structured["message"]).toContain("start_line 2 is past the end: lib/ has 1 file");
  });

  it("keeps an answer in one piece however its files are named", async () => {
    const repo = shopRepo();
    repo.write("services/pricing/a\nshared deploy/x.yaml 1", "1\n").commit({ minutes: -30 });
    const { call } = await serveRecording(repo);
    const { files, evidence } = answerOf(await call("read_file", { service: "pricing", path: "services/pricing/" }));
    expect(evidence.text.split("\n")).toHaveLength(files.length + 1);
    expect(evidence.text).toContain('own "services/pricing/a\\nshared deploy/x.yaml 1" 2');
  });
});
