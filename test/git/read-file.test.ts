import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { encode } from "gpt-tokenizer";
import { afterAll, describe, expect, it } from "vitest";
import { cleanupRecordings } from "../support/recording.ts";
import { at, cleanup, git, manifest, rollout, serveRecording, shopRepo, TestRepo } from "./support.ts";

afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

interface FileAnswer {
  readonly revision: string;
  readonly next_start_line: number | null;
  readonly evidence: { readonly text: string; readonly url: string; readonly at: string };
}

const answerOf = (result: { structured: object }) => result.structured as unknown as FileAnswer;

describe("read_file", () => {
  it("gives what is deployed, verbatim, and says which revision that is", async () => {
    const repo = shopRepo();
    const deployed = repo.head();
    const next = repo.write("deploy/pricing.yaml", manifest("pricing", 9)).commit({ minutes: -30 });
    const { call } = await serveRecording(repo, { deployments: [rollout("pricing", deployed, -2800)] });
    const result = await call("read_file", { service: "pricing", path: "deploy/pricing.yaml" });
    expect(result.structured["summary"]).toBe(
      `deploy/pricing.yaml at ${deployed.slice(0, 12)} (deployed): lines 1 to 6 of 6.`,
    );
    expect(answerOf(result)).toMatchObject({
      revision: deployed,
      next_start_line: null,
      evidence: {
        at: at(-2880),
        url: `https://github.com/example/shop/blob/${deployed.slice(0, 12)}/deploy/pricing.yaml#L1-L6`,
        text: `pricing file deploy/pricing.yaml at ${deployed} (deployed), lines 1 to 6 of 6:\n${manifest("pricing").trimEnd()}`,
      },
    });
    const asked = await call("read_file", {
      service: "pricing",
      path: "deploy/pricing.yaml",
      revision: next.slice(0, 8),
    });
    expect(answerOf(asked).evidence.text).toContain("replicas: 9");
    expect(asked.structured["summary"]).toContain("(asked for)");
  });

  it("gives what main was at the as-of when no deployment is known, and never later", async () => {
    const repo = shopRepo();
    const now = repo.write("deploy/pricing.yaml", manifest("pricing", 3)).commit({ minutes: -30 });
    const later = repo.write("deploy/pricing.yaml", manifest("pricing", 9)).commit({ minutes: 30 });
    const { call } = await serveRecording(repo);
    const result = await call("read_file", { service: "pricing", path: "deploy/pricing.yaml" });
    expect(answerOf(result)).toMatchObject({ revision: now });
    expect(result.structured["summary"]).toContain("(main, no deployment known)");
    const ahead = await call("read_file", { service: "pricing", path: "deploy/pricing.yaml", revision: later });
    expect(ahead.structured).toMatchObject({ outcome: "bad_request" });
  });

  it("pages through a long file without leaving out or repeating a line, each answer within 1,500 tokens", async () => {
    const repo = shopRepo();
    const lines = Array.from({ length: 700 }, (_, i) => `setting_${i} = "${"value ".repeat(i % 12)}"`);
    repo.write("services/pricing/long.ini", `${lines.join("\n")}\n`).commit({ minutes: -30 });
    const { call } = await serveRecording(repo);
    const seen: string[] = [];
    let start: number | null = 1;
    while (start !== null) {
      const result = await call("read_file", {
        service: "pricing",
        path: "services/pricing/long.ini",
        start_line: start,
      });
      expect(encode(result.text).length).toBeLessThan(1_500);
      expect(encode(JSON.stringify(result.structured)).length).toBeLessThan(1_500);
      const answer = answerOf(result);
      seen.push(...answer.evidence.text.split("\n").slice(1));
      if (answer.next_start_line !== null) expect(result.text).toContain(`start_line=${answer.next_start_line}`);
      start = answer.next_start_line;
    }
    expect(seen).toEqual(lines);
  });

  it("reads shared files, but sends a reader to the owner for another service's", async () => {
    const { call } = await serveRecording(shopRepo());
    expect(answerOf(await call("read_file", { service: "pricing", path: "lib/pool.js" })).evidence.text).toContain(
      "size = 4",
    );
    const other = await call("read_file", { service: "pricing", path: "deploy/promotions.yaml" });
    expect(other.structured).toMatchObject({
      outcome: "bad_request",
      message: "deploy/promotions.yaml is not a file of pricing but of promotions",
      try_next: ["service promotions"],
    });
  });

  it("offers the nearest paths when there is no such file", async () => {
    const { call } = await serveRecording(shopRepo());
    const result = await call("read_file", { service: "pricing", path: "services/pricing/mian.js" });
    expect(result.structured["try_next"]).toEqual(["path services/pricing/main.js"]);
    const elsewhere = await call("read_file", { service: "pricing", path: "src/main.js" });
    expect(elsewhere.structured["try_next"]).toEqual(["path services/pricing/main.js"]);
  });

  it.each([
    ["../../etc/passwd", "is not one in a repository"],
    ["/etc/passwd", "it is absolute"],
    ["services/pricing/../../x", "is not one in a repository"],
    ["//", "is not one in a repository"],
    ["services/pricing//", "is not one in a repository"],
    ["/services/", "it is absolute"],
    [":(glob)**", "does not exist"],
    ["--help", "does not exist"],
    ["services/pricing/a\u0000b", "is not one in a repository"],
    ["services/pricing", "is a folder"],
  ])("refuses the path %j", async (path, message) => {
    const { call } = await serveRecording(shopRepo());
    const result = await call("read_file", { service: "pricing", path });
    expect(result.structured["outcome"]).toBe("bad_request");
    expect(result.structured["message"]).toContain(message);
  });

  it("refuses what is no text file: links, submodules, binary files", async () => {
    const repo = shopRepo();
    symlinkSync("/etc/passwd", join(repo.dir, "services/pricing/link"));
    repo.write("services/pricing/logo.png", Buffer.from([1, 0, 2]));
    git(repo.dir, ["update-index", "--add", "--cacheinfo", `160000,${repo.head()},services/pricing/module`]);
    git(repo.dir, ["add", "services/pricing/link", "services/pricing/logo.png"]);
    git(repo.dir, ["commit", "--quiet", "-m", "odd"], {
      env: { GIT_COMMITTER_DATE: at(-30), GIT_AUTHOR_DATE: at(-30) },
    });
    const { call } = await serveRecording(repo);
    const message = async (name: string) =>
      (await call("read_file", { service: "pricing", path: `services/pricing/${name}` })).structured["message"];
    expect(await message("link")).toContain("is a symbolic link or submodule, which is not followed");
    expect(await message("module")).toContain("is a symbolic link or submodule, which is not followed");
    expect(await message("logo.png")).toContain("is binary (3 bytes)");
  });

  it("says what it cannot read: a line too long, a file too large, a line past the end", async () => {
    const repo = new TestRepo();
    repo
      .write("services/pricing/min.js", `a\n${"x+".repeat(40_000)}\nb\n`)
      .write("services/pricing/huge.sql", Buffer.alloc(5_000_000, "a\n"));
    repo.commit({ minutes: -30 });
    const { call } = await serveRecording(repo);
    const ask = (args: object) => call("read_file", { service: "pricing", ...args });
    const first = await ask({ path: "services/pricing/min.js" });
    expect(answerOf(first).next_start_line).toBe(2);
    const long = await ask({ path: "services/pricing/min.js", start_line: 2 });
    expect(long.structured).toMatchObject({ outcome: "bad_request", try_next: ["start_line 3"] });
    expect((await ask({ path: "services/pricing/huge.sql" })).structured).toMatchObject({
      outcome: "could_not_look",
      reason: "too_large",
    });
    expect((await ask({ path: "services/pricing/min.js", start_line: 9 })).structured["message"]).toContain(
      "has 3 lines",
    );
  });
});
