import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { writeCommit } from "../../support/github/bare-git.ts";
import { closeServers } from "../../support/http/server.ts";
import { at, cleanupRecordings } from "../../support/recording.ts";
import { messageOf, proposal } from "../proposal.ts";
import { cleanup, fingerprint, git, serve } from "../support.ts";
import { push, shopAtGitHub, UPSTREAM } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const readCommit = (dir: string, sha: unknown) =>
  git(dir, ["log", "--format=%P|%an|%cn|%aI|%cI|%B", "-1", String(sha)]);

describe("a draft pull request at GitHub", () => {
  it("is one commit on the fork with the changed files only, and leaves the upstream as it is, byte for byte", async () => {
    const { call, github, upstream, fork, bad } = await shopAtGitHub();
    const before = fingerprint(upstream.dir);
    const { structured } = await call("open_pr", proposal({ revert: bad }));
    expect(github.problems).toEqual([]);
    expect(structured).toMatchObject({
      ...{ outcome: "found", state: "opened", status: "draft", base: bad, body_path: null, diff_path: null },
      ...{ files: ["services/promotions/main.js"], url: "https://github.com/example/shop/pull/101" },
    });
    const { branch, commit } = structured as { branch: string; commit: string };
    expect(readCommit(fork.dir, branch)).toBe(
      `${bad}|oncall-copilot|oncall-copilot|2026-03-01T10:05:00+00:00|2026-03-01T10:05:00+00:00|Go back\n\nThis reverts commit ${bad}.\n\nDrafted by oncall-copilot for incident HighErrorRate-20260301; a person must review it.`,
    );
    expect(git(fork.dir, ["rev-parse", `refs/heads/${branch}`])).toBe(commit);
    expect(git(fork.dir, ["diff", "--name-status", bad, commit])).toBe("M\tservices/promotions/main.js");
    expect(git(fork.dir, ["rev-parse", `${commit}^{tree}`])).toBe(git(upstream.dir, ["rev-parse", `${bad}^^{tree}`]));
    expect(git(fork.dir, ["fsck", "--strict"])).not.toMatch(/error|missing|broken/);
    expect(fingerprint(upstream.dir)).toBe(before);
  });

  it("is a draft that maintainers cannot push to, and tells in its body what the local one tells", async () => {
    const { call, github, bad } = await shopAtGitHub();
    const { structured } = await call("open_pr", proposal({ revert: bad }));
    const [pull] = github.world.pulls;
    expect(pull).toMatchObject({ draft: true, maintainerCanModify: false, title: "Go back", baseRef: "main" });
    expect(pull?.body).toContain(`git revert ${structured["commit"]}`);
    expect(pull?.body).toContain(`https://github.com/example/shop/commit/${bad.slice(0, 12)}`);
  });

  it("asks the fork's credential to write to the fork alone, and the upstream's for the pull request alone", async () => {
    const { call, github, bad } = await shopAtGitHub();
    await call("open_pr", proposal({ revert: bad }));
    const writes = github.received.filter(({ method }) => method !== "GET");
    expect(writes.map(({ method, url, headers }) => [headers.authorization, method, url.pathname])).toEqual([
      ["Bearer github_pat_FORK", "POST", "/api/v3/repos/copilot/shop/git/trees"],
      ["Bearer github_pat_FORK", "POST", "/api/v3/repos/copilot/shop/git/commits"],
      ["Bearer github_pat_FORK", "POST", "/api/v3/repos/copilot/shop/git/refs"],
      ["Bearer github_pat_UPSTREAM", "POST", "/api/v3/repos/example/shop/pulls"],
    ]);
  });

  it("carries text with odd line ends, bytes that are no UTF-8, modes and deletions over exactly", async () => {
    let sha = "";
    const latin = Buffer.from([0xe9, 0x0a, 0x65, 0x0a]);
    const { call, fork, upstream, github } = await shopAtGitHub({
      later: (repo) => {
        repo.write("services/promotions/latin.txt", latin).write("services/promotions/dos.txt", "a\r\nb\r\n");
        repo.write("services/promotions/run.py", "#!/usr/bin/env python3\n").write("services/promotions/empty.txt", "");
        chmodSync(join(repo.dir, "services/promotions/run.py"), 0o755);
        repo.commit({ minutes: -12 });
        repo.remove("services/promotions/latin.txt").remove("services/promotions/dos.txt");
        repo.remove("services/promotions/run.py").remove("services/promotions/empty.txt");
        repo.write("services/promotions/añ b.js", "1\n");
        sha = repo.commit({ minutes: -11 });
      },
    });
    const { structured } = await call("open_pr", proposal({ revert: sha }));
    expect(structured).toMatchObject({ state: "opened" });
    expect(git(fork.dir, ["rev-parse", `${structured["commit"]}^{tree}`])).toBe(
      git(upstream.dir, ["rev-parse", `${sha}^^{tree}`]),
    );
    expect(git(fork.dir, ["ls-tree", String(structured["commit"]), "services/promotions/run.py"])).toMatch(/^100755/);
    expect(github.problems).toEqual([]);
  });

  it("brings the fork's branch up to date first, and stands on what the upstream is at", async () => {
    const { call, repo, upstream, fork, bad } = await shopAtGitHub();
    const tip = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -5 });
    push(repo, upstream);
    const { structured } = await call("open_pr", proposal({ revert: bad }));
    expect(structured).toMatchObject({ state: "opened", base: tip });
    expect(git(fork.dir, ["rev-parse", "refs/heads/main"])).toBe(tip);
    expect(git(fork.dir, ["rev-list", "--count", `${tip}..${structured["commit"]}`])).toBe("1");
  });

  it("goes on where the fork's own branch has gone another way, since forks share the upstream's objects", async () => {
    const { call, upstream, fork, repo, bad } = await shopAtGitHub();
    const tree = git(fork.dir, ["rev-parse", `${bad}^{tree}`]);
    const who = { name: "x", email: "x@example.test", date: "2026-03-01T09:00:00Z" };
    const own = writeCommit(fork.dir, { tree, parents: [bad], author: who, committer: who, message: "own" });
    git(fork.dir, ["update-ref", "refs/heads/main", own]);
    repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -5 });
    push(repo, upstream);
    const { structured } = await call("open_pr", proposal({ revert: bad }));
    expect(structured).toMatchObject({ state: "opened", base: repo.head() });
    expect(git(fork.dir, ["rev-parse", "refs/heads/main"])).toBe(own);
  });

  it("says that a person must sync the fork when the upstream has changed workflow files", async () => {
    const { call, github, repo, upstream, bad } = await shopAtGitHub();
    repo.write(".github/workflows/ci.yml", "on: push\n").commit({ minutes: -5 });
    push(repo, upstream);
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "forbidden" });
    expect(messageOf(result)).toContain("a person must sync the fork");
    expect(github.world.pulls).toEqual([]);
  });

  it("names the fork's repository when upstream and fork are of one organisation", async () => {
    const slug = "example/shop-oncall";
    const { call, github, fork, bad } = await shopAtGitHub({
      forkName: slug,
      upstream: {
        roles: { ...UPSTREAM.roles, [slug]: "read" },
        grants: { ...UPSTREAM.grants, [slug]: { contents: "read" } },
      },
      fork: { roles: { [slug]: "write" }, grants: { [slug]: { contents: "write", metadata: "read" } } },
    });
    expect((await call("open_pr", proposal({ revert: bad }))).structured).toMatchObject({ state: "opened" });
    expect(github.world.pulls[0]?.head).toBe(fork);
    const sent = github.received.find(({ method, url }) => method === "POST" && url.pathname.endsWith("/pulls"));
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({ head_repo: "example/shop-oncall", base: "main" });
    const again = await call("open_pr", proposal({ revert: bad }));
    expect(again.structured).toMatchObject({ state: "exists" });
  });

  it("finds the fork of an upstream by its owner, whatever the fork is called", async () => {
    const slug = "copilot/another-name";
    const { call, github, upstream, fork, bad } = await shopAtGitHub({
      forkName: slug,
      env: { ONCALL_GIT_GITHUB_FORKS: "somebody, copilot" },
      fork: { roles: { [slug]: "write" }, grants: { [slug]: { contents: "write", metadata: "read" } } },
    });
    upstream.private = false;
    fork.private = false;
    expect((await call("open_pr", proposal({ revert: bad }))).structured).toMatchObject({ state: "opened" });
    expect(github.world.pulls[0]?.head).toBe(fork);
  });
});

describe("the same incident and fix again", () => {
  it("gives the first one and writes nothing", async () => {
    const { call, github, bad } = await shopAtGitHub();
    const first = await call("open_pr", proposal({ revert: bad }));
    const writes = github.received.filter(({ method }) => method !== "GET").length;
    const again = await call("open_pr", proposal({ revert: bad }, { title: "Another title" }));
    expect(again.structured).toMatchObject({
      ...{ state: "exists", status: "draft", url: first.structured["url"] },
      ...{ commit: first.structured["commit"], base: first.structured["base"], files: first.structured["files"] },
    });
    expect(again.text).toContain("have a draft pull request already; nothing was written");
    expect(again.structured["diff"]).toContain("-export const promotions5 = query();");
    expect(github.received.filter(({ method }) => method !== "GET")).toHaveLength(writes);
    expect(github.problems).toEqual([]);
  });

  it.each([
    ["closed", { state: "closed" as const }, "which a person has closed without merging it"],
    ["merged", { state: "closed" as const, mergedAt: "2026-03-01T10:04:00Z" }, "already, and it is merged"],
  ])("says when the first one is %s, and opens no other", async (status, change, words) => {
    const { call, github, bad } = await shopAtGitHub();
    await call("open_pr", proposal({ revert: bad }));
    Object.assign(github.world.pulls[0] ?? {}, change);
    const again = await call("open_pr", proposal({ revert: bad }));
    expect(again.structured).toMatchObject({ state: "exists", status });
    expect(again.text).toContain(words);
    expect(github.world.pulls).toHaveLength(1);
  });

  it("takes up the branch of a call that ended before its pull request", async () => {
    const { call, github, fork, bad, env } = await shopAtGitHub();
    github.intercept = ({ method, url }, response) => {
      if (method !== "POST" || !url.pathname.endsWith("/pulls")) return false;
      response.destroy();
      return true;
    };
    const failed = await call("open_pr", proposal({ revert: bad }));
    expect(failed.structured).toMatchObject({ outcome: "could_not_look" });
    const [left] = git(fork.dir, ["for-each-ref", "--format=%(objectname)", "refs/heads/oncall"]).split("\n");
    github.intercept = undefined;
    const later = await serve({ ...env, ONCALL_AS_OF: at(7) });
    const { structured } = await later.call("open_pr", proposal({ revert: bad }));
    expect(structured).toMatchObject({ state: "opened", commit: left });
  });

  it("moves a branch that was left and says something else", async () => {
    const { call, github, fork, bad } = await shopAtGitHub();
    const { structured: first } = await call("open_pr", proposal({ revert: bad }));
    github.world.pulls.splice(0);
    git(fork.dir, ["update-ref", `refs/heads/${first["branch"]}`, bad]);
    const { structured } = await call("open_pr", proposal({ revert: bad }));
    expect(structured).toMatchObject({ state: "opened", branch: first["branch"], base: bad });
    expect(git(fork.dir, ["rev-parse", `refs/heads/${first["branch"]}`])).toBe(structured["commit"]);
    expect(structured["commit"]).not.toBe(bad);
  });

  it("at the same moment opens one", async () => {
    const { call, github, bad } = await shopAtGitHub();
    const both = await Promise.all([1, 2, 3].map(() => call("open_pr", proposal({ revert: bad }))));
    expect(both.map(({ structured }) => structured["state"]).sort()).toEqual(["exists", "exists", "opened"]);
    expect(new Set(both.map(({ structured }) => structured["commit"])).size).toBe(1);
    expect(github.world.pulls).toHaveLength(1);
  });
});

describe("labels", () => {
  it("are put on where that is allowed", async () => {
    const { call, github, bad } = await shopAtGitHub({ env: { ONCALL_GIT_GITHUB_LABELS: "oncall, incident" } });
    const { structured } = await call("open_pr", proposal({ revert: bad }));
    expect(structured["gaps"] ?? []).toEqual([]);
    expect(github.world.pulls[0]?.labels).toEqual(["oncall", "incident"]);
  });

  it("are a gap where it is not", async () => {
    const { call, github, bad } = await shopAtGitHub({
      env: { ONCALL_GIT_GITHUB_LABELS: "oncall" },
      upstream: { roles: { ...UPSTREAM.roles, "example/shop": "read" } },
    });
    const { structured } = await call("open_pr", proposal({ revert: bad }));
    expect(structured).toMatchObject({ state: "opened" });
    expect(structured["gaps"]).toEqual([expect.stringMatching(/^the labels oncall could not be put on/)]);
    expect(github.world.pulls[0]?.labels).toEqual([]);
  });
});

describe("what stands in the way at GitHub", () => {
  it("is said when its plan has no drafts, since nothing else is opened", async () => {
    const { call, github, upstream, bad } = await shopAtGitHub();
    upstream.drafts = false;
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "not_configured" });
    expect(messageOf(result)).toContain("nothing but drafts is ever opened");
    expect(github.world.pulls).toEqual([]);
  });

  it.each(["upstream", "fork"] as const)("is said when the %s is archived", async (which) => {
    const shop = await shopAtGitHub();
    shop[which].archived = true;
    const result = await shop.call("open_pr", proposal({ revert: shop.bad }));
    expect(messageOf(result)).toMatch(/keeps (?:example|copilot)\/shop archived, so nothing can be proposed there/);
  });

  it("is said when the token may not open pull requests", async () => {
    const { call, bad } = await shopAtGitHub({
      upstream: { grants: { ...UPSTREAM.grants, "example/shop": { contents: "read", pull_requests: "read" } } },
    });
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "forbidden" });
    expect(messageOf(result)).toMatch(/Resource not accessible by personal access token.*pull_requests=write/);
  });

  it("is said when the fork's token may not write", async () => {
    const { call, bad } = await shopAtGitHub({ fork: { grants: { "copilot/shop": { contents: "read" } } } });
    expect(messageOf(await call("open_pr", proposal({ revert: bad })))).toMatch(/copilot\/shop.*contents=write/);
  });

  it("is said when the upstream's token does not see the fork", async () => {
    const { call, bad } = await shopAtGitHub({ upstream: { roles: { "example/shop": "triage" } } });
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(messageOf(result)).toMatch(
      /refused the pull request.*ONCALL_GIT_GITHUB_UPSTREAM_TOKEN may read copilot\/shop/,
    );
  });

  it("is said when there is no fork", async () => {
    const { call, bad } = await shopAtGitHub({ env: { ONCALL_GIT_GITHUB_FORKS: "nobody/shop" } });
    expect(messageOf(await call("open_pr", proposal({ revert: bad })))).toMatch(
      /no fork of example\/shop among ONCALL_GIT_GITHUB_FORKS \(nobody\/shop\).*have a person fork example\/shop once/,
    );
  });

  it("leaves the fix as a patch that applies, where forks are not allowed or no pull request between the owners is", async () => {
    const noFork = await shopAtGitHub({ env: { ONCALL_GIT_GITHUB_FORKS: "nobody/shop" } });
    const refused = await shopAtGitHub({
      upstream: { grants: { ...UPSTREAM.grants, "example/shop": { contents: "read", pull_requests: "read" } } },
    });
    for (const { call, bad, repo } of [noFork, refused]) {
      const { structured, text } = await call("open_pr", proposal({ revert: bad }));
      expect(structured).toMatchObject({
        outcome: "could_not_look",
        patch: expect.stringContaining("promotions5 = 5"),
      });
      const patch = String(structured["patch"]);
      expect(text).toContain(patch);
      execFileSync("git", ["apply", "--check", "-"], { cwd: repo.dir, input: patch });
    }
  });

  it("is said when none is configured", async () => {
    const { call, bad } = await shopAtGitHub({
      env: { ONCALL_GIT_GITHUB_FORKS: "", ONCALL_GIT_GITHUB_FORK_TOKEN: "" },
    });
    expect(messageOf(await call("open_pr", proposal({ revert: bad })))).toContain("set ONCALL_GIT_GITHUB_FORKS");
  });
});
