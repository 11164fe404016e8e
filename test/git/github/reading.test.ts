import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeServers, sendJson } from "../../support/http/server.ts";
import { at, cleanupRecordings } from "../../support/recording.ts";
import { messageOf, proposal } from "../proposal.ts";
import { cleanup, git, itemsOf, SHOP_CATALOG, shopComponent, shopRepo, TestRepo } from "../support.ts";
import { type GitHubShop, publish, shopAtGitHub, UPSTREAM } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const problems = ({ github }: GitHubShop) => expect(github.problems).toEqual([]);

describe("read_changes at GitHub", () => {
  it("asks for a commit's files and diff in one request, and for each commit but once", async () => {
    const shop = await shopAtGitHub();
    await shop.call("read_changes", { service: "promotions" });
    const first = shop.github.asked();
    expect(first.map((route) => route.replace(/[0-9a-f]{40}/g, "SHA").split("?")[0])).toEqual([
      "GET /repos/example/shop/branches/main",
      "GET /repos/example/shop/commits",
      "GET /repos/example/shop/commits/SHA",
      "GET /repos/example/shop/commits",
      "GET /repos/example/shop/commits/SHA/pulls",
    ]);
    await shop.call("read_changes", { service: "promotions" });
    expect(shop.github.asked().slice(first.length)).toHaveLength(3);
    problems(shop);
  });

  it("tells the pull request behind a commit and who approved it before its merge and did not take that back", async () => {
    const shop = await shopAtGitHub();
    shop.github.world.pulls.push({
      ...{ number: 77, base: shop.upstream, head: shop.fork, headRef: "main", baseRef: "main", baseSha: shop.bad },
      ...{ title: "Ask @everyone every time", body: "", draft: false, maintainerCanModify: true, state: "closed" },
      ...{ mergedAt: at(-20), labels: [], comments: [], author: "ada", mergedCommits: [shop.bad] },
      reviews: [
        { login: "grace", state: "CHANGES_REQUESTED", at: at(-50) },
        { login: "linus", state: "APPROVED", at: at(-45) },
        { login: "grace", state: "APPROVED", at: at(-40) },
        { login: "linus", state: "CHANGES_REQUESTED", at: at(-30) },
        { login: "grace", state: "COMMENTED", at: at(-25) },
        { login: "ken", state: "APPROVED", at: at(-10) },
      ],
    });
    const [item] = itemsOf(await shop.call("read_changes", { service: "promotions" }));
    expect(item?.evidence.text).toContain(
      "pull request #77 by ada, approved by grace: https://github.com/example/shop/pull/77\n    Ask @everyone every time\n",
    );
    problems(shop);
  });

  it("cuts a long title between words, since half of a password would not be known for one", async () => {
    const shop = await shopAtGitHub();
    shop.github.world.pulls.push({
      ...{ number: 77, base: shop.upstream, head: shop.fork, headRef: "main", baseRef: "main", baseSha: shop.bad },
      ...{ body: "", draft: false, maintainerCanModify: true, state: "closed", reviews: [] },
      ...{ title: `${"x ".repeat(140)}postgres://app:hunter2horse@db.example.test/shop is gone` },
      ...{ mergedAt: at(-20), labels: [], comments: [], author: "ada", mergedCommits: [shop.bad] },
    });
    const [item] = itemsOf(await shop.call("read_changes", { service: "promotions" }));
    expect(item?.evidence.text).not.toContain("hunte");
    expect(item?.evidence.text).toMatch(/^ {4}(x ){140}\[\d+ more characters\]$/m);
  });

  it("tells the commits of a token that may not read pull requests, and names that as a gap once", async () => {
    const shop = await shopAtGitHub({
      later: (repo) => void repo.edit("services/promotions/main.js", "9 = 9", "9 = 90").commit({ minutes: -15 }),
      upstream: { grants: { ...UPSTREAM.grants, "example/shop": { contents: "read", metadata: "read" } } },
    });
    const result = await shop.call("read_changes", { service: "promotions" });
    expect(itemsOf(result)).toHaveLength(2);
    expect(result.structured["gaps"]).toEqual([
      expect.stringMatching(/^who approved the commits: GitHub at .* in example\/shop \(403\).*pull_requests=read/),
    ]);
    const one = await shop.call("read_changes", { service: "promotions", commit: shop.bad });
    expect(one.structured["gaps"]).toHaveLength(1);
  });

  it("tells merges against their first parent, with what they brought, and renames", async () => {
    let merge = "";
    const shop = await shopAtGitHub({
      later: (repo) => {
        repo.switch("feature", true).edit("services/promotions/main.js", "9 = 9", "9 = 90").commit({ minutes: -15 });
        git(repo.dir, ["mv", "services/promotions/main.js", "services/promotions/moved.js"]);
        repo.commit({ minutes: -14, message: "move it" });
        repo.switch("main").edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -13 });
        merge = repo.merge("feature", { minutes: -12 });
      },
    });
    const items = itemsOf(await shop.call("read_changes", { service: "promotions", from: "-1h" }));
    const item = items.find(({ sha }) => sha === merge);
    expect(item?.kind).toBe("merge");
    expect(item?.evidence.text).toContain("2 files, +30 -30");
    expect(item?.evidence.text).toContain("move it");
    expect(item?.evidence.text).toContain("rename to services/promotions/moved.js");
    expect(items.map(({ sha }) => sha)).toHaveLength(2);
    problems(shop);
  });

  it("stands at the moment it is asked from, even when the branch has moved on since", async () => {
    const shop = await shopAtGitHub({
      later: (repo) => {
        repo.edit("services/promotions/main.js", "9 = 9", "9 = 90").commit({ minutes: 60 });
        repo.edit("services/promotions/main.js", "8 = 8", "8 = 80").commit({ minutes: 90 });
      },
    });
    const items = itemsOf(await shop.call("read_changes", { service: "promotions" }));
    expect(items.map(({ sha }) => sha)).toEqual([shop.bad]);
  });

  it("reads a branch with a slash in its name, which is asked for in one piece", async () => {
    const shop = await shopAtGitHub({ env: { ONCALL_GIT_BRANCH: "release/2026" } });
    git(shop.upstream.dir, ["update-ref", "refs/heads/release/2026", shop.bad]);
    expect(itemsOf(await shop.call("read_changes", { service: "promotions" }))).toHaveLength(1);
    expect(shop.github.asked()[0]).toBe("GET /repos/example/shop/branches/release%2F2026");
  });

  it("goes on without the diff of a commit that GitHub finds too large, naming its files", async () => {
    const shop = await shopAtGitHub();
    shop.github.intercept = ({ headers, url }, response) => {
      if (headers.accept !== "application/vnd.github.diff" || !url.pathname.endsWith(shop.bad)) return false;
      const message = "Sorry, the diff exceeded the maximum number of lines (20000)";
      sendJson(response, 406, { message, errors: [{ resource: "Commit", code: "too_large" }] });
      return true;
    };
    const [item] = itemsOf(await shop.call("read_changes", { service: "promotions" }));
    expect(item?.evidence.text).toContain("[the diff is too large to be read whole");
    expect(item?.evidence.text).toContain("M services/promotions/main.js +1 -1");
    problems(shop);
  });

  it("tells of several repositories at once, and of one that cannot be read as a gap", async () => {
    const pricing = shopComponent("pricing", [], {
      "github.com/project-slug": "example/pricing",
      "oncall/paths": "**",
    });
    const catalog = [...SHOP_CATALOG.filter((_, index) => index !== 2), pricing];
    const shop = await shopAtGitHub({
      catalog,
      upstream: {
        roles: { ...UPSTREAM.roles, "example/pricing": "read" },
        grants: { ...UPSTREAM.grants, "example/pricing": { contents: "read" } },
      },
    });
    const other = new TestRepo().write("main.js", "1\n");
    const sha = other.commit({ minutes: -9, message: "price" });
    shop.github.add("example", "pricing", publish(other));
    const both = await shop.call("read_changes", { service: "checkout" });
    expect(itemsOf(both).map((item) => item.sha)).toContain(sha);
    // What pricing owns in its own repository is not its own in another one.
    const shared = await shop.call("read_file", { service: "promotions", path: "lib/pool.js" });
    expect(shared.structured["outcome"]).toBe("found");
    shop.github.intercept = ({ url }, response) => {
      if (!url.pathname.endsWith("/example/shop/commits")) return false;
      sendJson(response, 500, { message: "Server Error" });
      return true;
    };
    const part = await shop.call("read_changes", { service: "checkout" });
    expect(itemsOf(part).map((item) => item.sha)).toEqual([sha]);
    expect(part.structured["gaps"]).toContainEqual(
      expect.stringMatching(/^commits of checkout: GitHub at .* failed \(500\)/),
    );
  });

  it("says of a service whose repository the catalog does not name how to name it", async () => {
    const bare = {
      apiVersion: "backstage.io/v1alpha1",
      kind: "Component",
      metadata: { name: "orphan" },
      spec: { type: "service" },
    };
    const shop = await shopAtGitHub({ catalog: [bare] });
    const told = await shop.call("read_file", { service: "orphan", path: "a" });
    expect(messageOf(told)).toMatch(/names no repository for orphan; annotate it with github.com\/project-slug/);
  });
});

describe("read_file at GitHub", () => {
  it("reads a file of more than a megabyte whole, and refuses links without following them", async () => {
    const shop = await shopAtGitHub({
      later: (repo) => {
        repo.write("services/promotions/large.txt", `${"x".repeat(99)}\n`.repeat(12_000));
        symlinkSync("../../lib/pool.js", join(repo.dir, "services/promotions/link.js"));
        repo.commit({ minutes: -10 });
      },
    });
    const args = { service: "promotions", revision: git(shop.upstream.dir, ["rev-parse", "main"]) };
    const large = await shop.call("read_file", { ...args, path: "services/promotions/large.txt", start_line: 11_999 });
    expect(large.structured).toMatchObject({ outcome: "found", total_lines: 12_000, last_line: 12_000 });
    const link = await shop.call("read_file", { ...args, path: "services/promotions/link.js" });
    expect(messageOf(link)).toContain("is a symbolic link");
    problems(shop);
  });

  it("knows a revision by its beginning, wherever in the history it is, and no other's", async () => {
    const shop = await shopAtGitHub();
    const first = git(shop.upstream.dir, ["rev-list", "--max-parents=0", "main"]);
    const path = "services/promotions/main.js";
    const read = (revision: string) => shop.call("read_file", { service: "promotions", path, revision });
    expect((await read(first.slice(0, 8))).structured).toMatchObject({ revision: first });
    git(shop.upstream.dir, ["update-ref", "refs/heads/deadbeef", first]);
    for (const wrong of ["deadbeef", "e".repeat(40)]) {
      expect(messageOf(await read(wrong))).toContain("revision is not a commit of main of example/shop");
    }
    problems(shop);
  });
});

describe("a conflict at GitHub", () => {
  it("names the later commits that changed the same lines, and no others, however lines have moved", async () => {
    let [same, elsewhere, above] = ["", "", ""];
    const shop = await shopAtGitHub({
      later: (repo) => {
        above = repo
          .write("services/promotions/main.js", `// one\n// two\n${repo.read("services/promotions/main.js")}`)
          .commit({ minutes: -15 });
        same = repo.edit("services/promotions/main.js", "query()", "cached()").commit({ minutes: -10 });
        elsewhere = repo
          .edit("services/promotions/main.js", "promotions25 = 25", "promotions25 = 0")
          .commit({ minutes: -9 });
      },
    });
    const message = messageOf(await shop.call("open_pr", proposal({ revert: shop.bad })));
    expect(message).toBe(
      `open_pr refuses (conflict): ${shop.bad.slice(0, 12)} cannot be taken back cleanly: services/promotions/main.js (changed since by ${same.slice(0, 12)})`,
    );
    for (const other of [elsewhere, above]) expect(message).not.toContain(other.slice(0, 12));
    expect(shopRepo().dir).not.toBe(shop.repo.dir);
    problems(shop);
  });
});
