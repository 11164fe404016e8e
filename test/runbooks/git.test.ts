import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createLogger } from "@oncall-copilot/core";
import { readEnvironment, runCall } from "@oncall-copilot/core/server";
import { afterAll, describe, expect, it } from "vitest";
import { buildServer, configSchema } from "../../servers/runbooks/src/server.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";
import { KEY } from "./ask.ts";

const run = promisify(execFile);
const made: string[] = [];
afterAll(cleanupRecordings);
afterAll(() => Promise.all(made.map((dir) => rm(dir, { recursive: true, force: true }))));

async function repository() {
  const dir = await mkdtemp(join(tmpdir(), "oncall-git-"));
  made.push(dir);
  const git = async (at: string, ...args: readonly string[]) => {
    const date = { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
    const who = {
      GIT_AUTHOR_NAME: "Chidi Okafor",
      GIT_AUTHOR_EMAIL: "c@x.test",
      GIT_COMMITTER_NAME: "B",
      GIT_COMMITTER_EMAIL: "b@x.test",
    };
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...date, ...who };
    return (await run("git", [...args], { cwd: dir, env })).stdout.trim();
  };
  const commit = async (at: string, files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    await git(at, "add", "--all");
    await git(at, "commit", "--quiet", "--message", "x");
    return (await git(at, "rev-parse", "HEAD")).slice(0, 10);
  };
  await git("2026-01-01T00:00:00Z", "init", "--quiet", "--initial-branch=main");
  return { dir, git, commit };
}

async function serverOf(dir: string, env: Readonly<Record<string, string>> = {}) {
  const catalog = join(await writeRecording(), "catalog.yaml");
  const server = await buildServer(
    readEnvironment(configSchema, {
      ONCALL_RUNBOOKS_GIT: dir,
      ONCALL_CATALOG: catalog,
      ONCALL_AS_OF: "2026-03-01T10:00:00Z",
      ...env,
    }),
  );
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const ask = async () =>
    (
      await runCall(
        server,
        tool,
        { service: "storefront", alert: "StorefrontLatencyHigh" },
        { key: KEY, log: createLogger("test", "silent") },
      )
    ).structured;
  return { server, ask };
}

const PAGE = "# Storefront latency\n\nFor StorefrontLatencyHigh: roll back.\n";

describe("a Git repository of Markdown files", () => {
  it("tells the commit that last changed a page, its author and its time, through merges", async () => {
    const { dir, git, commit } = await repository();
    await commit("2026-01-02T00:00:00Z", {
      "docs/a.md": "x\n",
      "docs/b.md": "# Storefront latency, again\n\nFor StorefrontLatencyHigh.\n",
    });
    await git("2026-01-03T00:00:00Z", "checkout", "--quiet", "-b", "change");
    const version = await commit("2026-01-03T00:00:00Z", { "docs/a.md": PAGE });
    await git("2026-01-04T00:00:00Z", "checkout", "--quiet", "main");
    await commit("2026-01-04T00:00:00Z", { "other.txt": "y" });
    await git("2026-01-05T00:00:00Z", "merge", "--quiet", "--no-ff", "--no-edit", "change");
    const { ask } = await serverOf(dir, {
      ONCALL_RUNBOOKS_GIT_FOLDER: "/docs/",
      ONCALL_RUNBOOKS_LINK: "https://x.test/blob/main/docs",
    });
    expect(await ask()).toMatchObject({
      sections: expect.arrayContaining([
        expect.objectContaining({
          ...{ page: "a.md", version, editor: "Chidi Okafor", updated: "2026-01-03" },
          evidence: expect.objectContaining({
            text: PAGE.trimEnd(),
            at: "2026-01-03T00:00:00.000Z",
            url: "https://x.test/blob/main/docs/a.md#storefront-latency",
          }),
        }),
        expect.objectContaining({ page: "b.md", updated: "2026-01-02" }),
      ]),
    });
  });

  it("is read again when its branch has moved, and as of the moment asked about", async () => {
    const { dir, commit } = await repository();
    await commit("2026-01-02T00:00:00Z", { "a.md": PAGE });
    const { ask } = await serverOf(dir);
    expect(JSON.stringify(await ask())).toContain("roll back");
    await commit("2026-02-01T00:00:00Z", { "a.md": PAGE.replace("roll back", "scale out") });
    expect(JSON.stringify(await ask())).toContain("scale out");
    await commit("2026-03-05T00:00:00Z", { "a.md": PAGE.replace("roll back", "too late") });
    const answer = await ask();
    expect(JSON.stringify(answer["sections"])).toContain("scale out");
    expect(answer["gaps"]).toEqual(["commits of runbooks that are later than this moment are not looked at"]);
  });

  it("is read bare, and at a branch or tag that is named", async () => {
    const { dir, git, commit } = await repository();
    await commit("2026-01-02T00:00:00Z", { "a.md": PAGE });
    await git("2026-01-02T00:00:00Z", "tag", "v1");
    await commit("2026-01-03T00:00:00Z", { "a.md": "gone\n" });
    await git("2026-01-03T00:00:00Z", "clone", "--quiet", "--bare", dir, join(dir, "bare.git"));
    const { ask } = await serverOf(join(dir, "bare.git"), { ONCALL_RUNBOOKS_GIT_REF: "v1" });
    expect(await ask()).toMatchObject({ outcome: "found", sections: [{ page: "a.md" }] });
  });

  it("cloned without its whole history does not pass off the oldest commit it has as a page's last change", async () => {
    const { dir, git, commit } = await repository();
    await commit("2026-01-02T00:00:00Z", { "old.md": PAGE });
    await commit("2026-02-27T00:00:00Z", { "boundary.txt": "x" });
    const version = await commit("2026-02-28T00:00:00Z", { "new.md": PAGE });
    const shallow = join(dir, "shallow.git");
    await git("2026-02-28T00:00:00Z", "clone", "--quiet", "--bare", "--depth=2", `file://${dir}`, shallow);
    const answer = await (await serverOf(shallow)).ask();
    expect(answer["sections"]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ page: "old.md", updated: null, age_days: null, version: null, editor: null }),
        expect.objectContaining({ page: "new.md", updated: "2026-02-28", version }),
      ]),
    );
    expect(answer["gaps"]).toEqual([expect.stringMatching(/^when 1 of the pages .*shallow clone.*--unshallow/)]);
  });

  it("cloned without its whole history says so when the moment asked about is before all that it has", async () => {
    const { dir, git, commit } = await repository();
    await commit("2026-01-02T00:00:00Z", { "a.md": PAGE });
    await commit("2026-03-05T00:00:00Z", { "b.md": PAGE });
    const shallow = join(dir, "shallow.git");
    await git("2026-03-05T00:00:00Z", "clone", "--quiet", "--bare", "--depth=1", `file://${dir}`, shallow);
    expect(await (await serverOf(shallow)).ask()).toMatchObject({
      outcome: "could_not_look",
      message: expect.stringContaining("shallow clone"),
    });
  });

  it("has nothing of its own run, follows no link, and is asked for no option", async () => {
    const { dir, git, commit } = await repository();
    await symlink("/etc/passwd", join(dir, "link.md"));
    await commit("2026-01-02T00:00:00Z", {
      "a.md": PAGE,
      ".hidden/b.md": PAGE,
      ".gitattributes": "*.md filter=evil diff=evil\n",
    });
    const trap = join(dir, "trap.sh");
    const sprung = join(dir, "sprung");
    await writeFile(trap, `#!/bin/sh\ntouch ${sprung}\ncat\n`);
    await chmod(trap, 0o755);
    for (const key of [
      "core.fsmonitor",
      "core.pager",
      "filter.evil.smudge",
      "diff.evil.textconv",
      "diff.external",
      "core.sshCommand",
    ]) {
      await git("2026-01-02T00:00:00Z", "config", key, trap);
    }
    await rm(sprung, { force: true });
    const { ask } = await serverOf(dir);
    const answer = await ask();
    expect((answer["sections"] as { page: string }[]).map(({ page }) => page)).toEqual(["a.md"]);
    expect(answer["summary"]).toContain("1 searched");
    expect(existsSync(sprung)).toBe(false);
    for (const ref of ["--output=/tmp/x", "-p", "main\n--all", "$(id)"]) {
      expect(() => configSchema.parse({ ONCALL_RUNBOOKS_GIT_REF: ref })).toThrow();
    }
    expect(() => configSchema.parse({ ONCALL_RUNBOOKS_GIT_FOLDER: "docs/../../x" })).toThrow();
  });

  it("that is none, or has no such branch, could not be looked at", async () => {
    const { dir, commit } = await repository();
    await commit("2026-01-02T00:00:00Z", { "a.md": PAGE });
    expect(await (await serverOf(dir, { ONCALL_RUNBOOKS_GIT_REF: "nope" })).ask()).toMatchObject({
      outcome: "could_not_look",
      reason: "unreachable",
      message: expect.stringMatching(/at nope cannot be read .*check ONCALL_RUNBOOKS_GIT and ONCALL_RUNBOOKS_GIT_REF/),
    });
    const { server, ask } = await serverOf(tmpdir());
    expect(await ask()).toMatchObject({ outcome: "could_not_look" });
    const findings = await server.examine?.({ signal: AbortSignal.timeout(5_000), service: undefined, mayWake: false });
    expect(findings).toMatchObject([{ check: "reachable", status: "failure" }]);
  });
});
