import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GitError } from "@oncall-copilot/core/backend";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import * as read from "../../servers/git/src/git/run.ts";
import * as readRunbooks from "../../servers/runbooks/src/stores/git/run.ts";
import { cleanupRecordings } from "../support/recording.ts";
import { brokenShop, edit, messageOf, proposal } from "./proposal.ts";
import {
  cleanup,
  fingerprint,
  git,
  itemsOf,
  serve,
  serveRecording,
  shopRepo,
  type TestRepo,
  tempDir,
} from "./support.ts";

afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

/** Gives the last commit a signature, so that a configuration that shows signatures has one to show. */
function sign(repo: TestRepo): void {
  const commit = git(repo.dir, ["cat-file", "commit", "HEAD"]);
  const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----";
  const signed = commit.replace(/^(committer .*)$/m, `$1\n${signature}`);
  const sha = git(repo.dir, ["hash-object", "-t", "commit", "-w", "--stdin"], { input: `${signed}\n` });
  git(repo.dir, ["update-ref", "refs/heads/main", sha]);
}

describe("an upstream or a fork that would like to run something", () => {
  it("runs none of its hooks, monitors, pagers, signature programs, filters and drivers", async () => {
    const repo = shopRepo();
    repo.write(".gitattributes", "*.js diff=evil filter=evil merge=evil\n").commit({ minutes: -30 });
    const bad = repo.edit("services/promotions/main.js", "5 = 5", "5 = 6").commit({ minutes: -20 });
    repo.edit("services/promotions/main.js", "25 = 25", "25 = 26").commit({ minutes: -19 });
    sign(repo);
    const marker = join(tempDir(), "ran");
    const script = join(tempDir(), "evil.sh");
    writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> ${marker}\ncat\n`);
    chmodSync(script, 0o755);
    const hooks = tempDir();
    for (const hook of ["post-checkout", "reference-transaction", "pre-receive", "post-index-change", "pre-auto-gc"]) {
      writeFileSync(join(hooks, hook), `#!/bin/sh\necho ${hook} >> ${marker}\n`);
      chmodSync(join(hooks, hook), 0o755);
    }
    const settings: Record<string, string> = {
      ...{ "core.hooksPath": hooks, "core.fsmonitor": script, "core.pager": script, "core.editor": script },
      ...{ "core.sshCommand": script, "core.alternateRefsCommand": script, "core.askPass": script },
      ...{ "diff.external": script, "diff.evil.command": script, "diff.evil.textconv": script },
      ...{ "filter.evil.clean": script, "filter.evil.smudge": script, "filter.evil.required": "true" },
      ...{ "merge.evil.driver": script, "gpg.program": script, "log.showSignature": "true" },
      ...{ "uploadpack.packObjectsHook": script, "credential.helper": script, "pager.log": script },
    };
    for (const [name, value] of Object.entries(settings)) git(repo.dir, ["config", name, value]);
    const fork = join(tempDir(), "fork.git");
    git(".", ["init", "--quiet", "--bare", fork]);
    for (const [name, value] of Object.entries(settings)) git(fork, ["config", name, value]);
    const env = { ONCALL_GIT_UPSTREAM: repo.dir, ONCALL_GIT_FORK: fork };
    const { call } = await serveRecording(repo, { env });
    const changes = await call("read_changes", { service: "promotions" });
    expect(itemsOf(changes).map(({ sha }) => sha)).toContain(bad);
    expect((await call("read_changes", { service: "promotions", commit: bad })).isError).toBe(false);
    expect((await call("read_file", { service: "promotions", path: "services/promotions/main.js" })).isError).toBe(
      false,
    );
    expect((await call("open_pr", proposal({ revert: bad }))).structured["state"]).toBe("opened");
    expect(existsSync(marker) ? readFileSync(marker, "utf8") : "").toBe("");
  });

  it("hides no diff by attributes that it commits, also where the server is started inside of it", async () => {
    const repo = shopRepo();
    repo.write(".gitattributes", "*.js -diff\n").commit({ minutes: -30 });
    const bad = repo.edit("services/promotions/main.js", "5 = 5", "5 = 6").commit({ minutes: -20 });
    const { call } = await serveRecording(repo, { env: { ONCALL_GIT_UPSTREAM: repo.dir } });
    const before = process.cwd();
    process.chdir(repo.dir);
    try {
      const changes = await call("read_changes", { service: "promotions", commit: bad });
      expect(changes.text).toContain("+export const promotions5 = 6;");
    } finally {
      process.chdir(before);
    }
  });

  it("is read through prefixes and colours that its configuration changes", async () => {
    const repo = shopRepo();
    repo.edit("services/promotions/main.js", "5 = 5", "5 = 6").commit({ minutes: -20 });
    for (const [name, value] of [
      ["diff.noprefix", "true"],
      ["diff.mnemonicPrefix", "true"],
      ["color.ui", "always"],
      ["diff.renames", "copies"],
      ["log.diffMerges", "separate"],
    ] as const) {
      git(repo.dir, ["config", name, value]);
    }
    const { call } = await serveRecording(repo, { env: { ONCALL_GIT_UPSTREAM: repo.dir } });
    const [item] = itemsOf(await call("read_changes", { service: "promotions" }));
    expect(item?.evidence.text).toContain("\n+++ b/services/promotions/main.js\n@@ -5,3 +5,3 @@");
  });
});

/** A partial clone without one of its objects, whose configuration names a script to get it with. */
function partialClone() {
  const { dir } = shopRepo();
  const [marker, script] = [join(tempDir(), "ran"), join(tempDir(), "evil.sh")];
  writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> ${marker}\n`);
  chmodSync(script, 0o755);
  for (const [name, value] of [
    ["core.repositoryFormatVersion", "1"],
    ["extensions.partialClone", "origin"],
    ["remote.origin.url", tempDir()],
    ["remote.origin.promisor", "true"],
    ["remote.origin.uploadpack", script],
    ["protocol.file.allow", "always"],
  ] as const) {
    git(dir, ["config", name, value]);
  }
  return { dir, marker, missing: "1".repeat(40) };
}

describe("a partial clone that would like to run something to get what it lacks", () => {
  const { signal } = new AbortController();

  it("would, with git as it is", () => {
    const { dir, marker, missing } = partialClone();
    expect(() => git(dir, ["cat-file", "-p", missing])).toThrow();
    expect(existsSync(marker)).toBe(true);
  });

  it.each([
    ["changes", false],
    ["changes, fetching", true],
  ])("does not where %s are read", async (_, fetches) => {
    const { dir, marker, missing } = partialClone();
    const reading = read.git(join(dir, ".git"), ["cat-file", "-p", missing], { signal, fetches });
    await expect(reading).rejects.toBeInstanceOf(GitError);
    expect(existsSync(marker)).toBe(false);
  });

  it("does not where runbooks are read", async () => {
    const { dir, marker, missing } = partialClone();
    const reading = readRunbooks.git(dir, ["cat-file", "-p", missing], signal);
    await expect(reading).rejects.toBeInstanceOf(GitError);
    expect(existsSync(marker)).toBe(false);
  });
});

describe("an upstream of another user", () => {
  it.runIf(process.getuid?.() === 0)("is read by one who does not own it", async () => {
    const repo = shopRepo();
    const bad = repo.edit("services/promotions/main.js", "5 = 5", "5 = 6").commit({ minutes: -20 });
    for (const name of ["", ...readdirSync(repo.dir, { recursive: true }).map(String)])
      chownSync(join(repo.dir, name), 12345, 12345);
    expect(() => git(repo.dir, ["log"])).toThrow(/dubious ownership/);
    const { call } = await serveRecording(undefined, { env: { ONCALL_GIT_UPSTREAM: repo.dir } });
    expect(itemsOf(await call("read_changes", { service: "promotions" })).map(({ sha }) => sha)).toEqual([bad]);
    expect((await call("open_pr", proposal({ revert: bad }))).structured["state"]).toBe("opened");
  });
});

describe("the process around it", () => {
  it("is not misled by git's variables in its own environment", async () => {
    const { call, bad } = await brokenShop();
    vi.stubEnv("GIT_DIR", "/nonexistent");
    vi.stubEnv("GIT_WORK_TREE", "/nonexistent");
    vi.stubEnv("GIT_INDEX_FILE", "/nonexistent/index");
    vi.stubEnv("GIT_OBJECT_DIRECTORY", "/nonexistent");
    vi.stubEnv("GIT_CONFIG_COUNT", "1");
    vi.stubEnv("GIT_CONFIG_KEY_0", "alias.log");
    vi.stubEnv("GIT_CONFIG_VALUE_0", "!false");
    expect((await call("open_pr", proposal({ revert: bad }))).structured["state"]).toBe("opened");
  });

  it("says that git is missing", async () => {
    const { call } = await brokenShop();
    vi.stubEnv("PATH", tempDir());
    const result = await call("read_changes", { service: "pricing" });
    expect(result.structured["gaps"]).toEqual([expect.stringContaining("git is not installed")]);
  });

  it("says which variable is wrong when it cannot write, without naming the folder", async () => {
    const file = join(tempDir(), "file");
    writeFileSync(file, "");
    const blocked = await serveRecording(shopRepo(), { deployments: [], env: { ONCALL_GIT_WORKDIR: join(file, "x") } });
    const read = await blocked.call("read_changes", { service: "pricing" });
    expect(JSON.stringify(read.structured)).toContain("cannot write where ONCALL_GIT_WORKDIR points (ENOTDIR)");
    const fork = await serveRecording(shopRepo(), { env: { ONCALL_GIT_FORK: join(file, "fork.git") } });
    const edits = [edit("deploy/promotions.yaml", "replicas: 2", "replicas: 3")];
    const written = await fork.call("open_pr", proposal({ edits }));
    expect(messageOf(written)).toContain("cannot write where ONCALL_GIT_FORK points (EEXIST)");
    expect(JSON.stringify([read, written])).not.toContain(file);
  });

  it("ends in time when the deadline passes", async () => {
    const { call } = await brokenShop();
    const result = await call("read_changes", { service: "storefront" }, { deadlineMs: 1 });
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
  });

  it("tells nothing of a damaged repository's insides", async () => {
    const repo = shopRepo();
    const tree = git(repo.dir, ["rev-parse", "HEAD^{tree}"]);
    const { rmSync } = await import("node:fs");
    rmSync(join(repo.dir, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    const { call } = await serveRecording(shopRepo(), { env: { ONCALL_GIT_UPSTREAM: repo.dir } });
    const result = await call("read_file", { service: "pricing", path: "deploy/pricing.yaml" });
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "bad_response" });
    expect(JSON.stringify(result)).not.toContain(repo.dir);
  });
});

describe("a recording's bundle", () => {
  it("is unpacked once, whole, however many servers start on it at the same time", async () => {
    const repo = shopRepo();
    const bad = repo.edit("services/promotions/main.js", "5 = 5", "5 = 6").commit({ minutes: -20 });
    const workdir = tempDir();
    const served = await Promise.all(
      Array.from({ length: 4 }, () => serveRecording(repo, { env: { ONCALL_GIT_WORKDIR: workdir } })),
    );
    const answers = await Promise.all(served.map(({ call }) => call("read_changes", { service: "promotions" })));
    for (const answer of answers) expect(itemsOf(answer).map(({ sha }) => sha)).toEqual([bad]);
    expect(readdirSync(join(workdir, "upstreams"))).toHaveLength(1);
  });

  it("is not changed by opening a pull request", async () => {
    const { call, bad, workdir } = await brokenShop();
    await call("read_changes", { service: "promotions" });
    const before = fingerprint(join(workdir, "upstreams"));
    expect((await call("open_pr", proposal({ revert: bad }))).structured["state"]).toBe("opened");
    expect(fingerprint(join(workdir, "upstreams"))).toBe(before);
  });
});

describe("without a backend", () => {
  it("says which variables would configure one", async () => {
    await expect(serve({})).rejects.toThrow(
      /oncall-git has no backend configured. Set one of:\n {2}ONCALL_RECORDING .*\n {2}ONCALL_GIT_UPSTREAM /,
    );
    await expect(serve({ ONCALL_GIT_UPSTREAM: tempDir() })).rejects.toThrow("ONCALL_CATALOG");
  });

  it("says that the upstream is no repository or has no such branch", async () => {
    const recording = { env: { ONCALL_GIT_UPSTREAM: tempDir() } };
    const nowhere = await (await serveRecording(undefined, recording)).call("read_file", {
      service: "pricing",
      path: "a",
    });
    expect(messageOf(nowhere)).toBe("what ONCALL_GIT_UPSTREAM names is not a git repository");
    const branch = await serveRecording(shopRepo(), { env: { ONCALL_GIT_BRANCH: "release" } });
    expect(messageOf(await branch.call("read_file", { service: "pricing", path: "a" }))).toContain(
      "has no branch release; set ONCALL_GIT_BRANCH",
    );
  });
});
