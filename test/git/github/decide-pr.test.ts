import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeServers } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { edit, messageOf, proposal, REASONS } from "../proposal.ts";
import { cleanup, fingerprint, git } from "../support.ts";
import { type GitHubShop, type ShopAtGitHub, shopAtGitHub } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const FIRST = edit("services/promotions/main.js", "promotions5 = query()", "promotions5 = 6");

interface Drafted extends GitHubShop {
  readonly branch: string;
  readonly commit: string;
  decide(more: object): Promise<Readonly<Record<string, unknown>>>;
}

async function drafted(fix: (bad: string) => object = (revert) => ({ revert }), options: ShopAtGitHub = {}) {
  const shop = await shopAtGitHub(options);
  const { structured } = await shop.call("open_pr", proposal(fix(shop.bad)));
  const { branch, commit } = structured as { branch: string; commit: string };
  const about = { service: "promotions", branch, head: commit, by: "Ada Lovelace", incident: "HighErrorRate-20260301" };
  const decide = async (more: object) => (await shop.call("decide_pr", { ...about, ...more })).structured;
  return { ...shop, branch, commit, decide } satisfies Drafted;
}

/** What was written after the draft was opened, and by which credential. */
const writesOf = ({ github }: Drafted) =>
  github.received
    .filter(({ method }) => method !== "GET")
    .slice(4)
    .map(({ method, url, headers }) => [headers.authorization?.slice(18), method, url.pathname.slice(4)]);

describe("a draft at GitHub", () => {
  it("is marked as ready by its author through GraphQL, and says who approved it and why", async () => {
    const shop = await drafted();
    const before = fingerprint(shop.upstream.dir);
    expect(await shop.decide({ action: "ready", why: "fits, see #1" })).toMatchObject({
      result: "done",
      status: "open",
    });
    expect(shop.github.problems).toEqual([]);
    expect(writesOf(shop)).toEqual([
      ["UPSTREAM", "POST", "/graphql"],
      ["UPSTREAM", "POST", "/v3/repos/example/shop/issues/101/comments"],
    ]);
    const [pull] = shop.github.world.pulls;
    expect(pull).toMatchObject({ draft: false, state: "open", mergedAt: null });
    expect(pull?.comments).toHaveLength(1);
    expect(pull?.comments[0]?.body).toMatch(/^\*\*Approved for review\*\* by Ada Lovelace, at commit `/);
    expect(pull?.comments[0]?.body).not.toContain("#1");
    expect(fingerprint(shop.upstream.dir)).toBe(before);
  });

  it("is told once when the same decision is carried out again", async () => {
    const shop = await drafted();
    for (let count = 0; count < 2; count++) {
      expect(await shop.decide({ action: "ready", why: "fits" })).toMatchObject({ result: "done", status: "open" });
    }
    expect(shop.github.world.pulls[0]?.comments).toHaveLength(1);
    expect(shop.github.problems).toEqual([]);
  });

  it("stays a draft with the approval on it where GitHub lets only a person press that button", async () => {
    const shop = await drafted();
    const holder = shop.github.world.tokens.get("github_pat_UPSTREAM");
    if (!holder) throw new Error("the shop has that token");
    shop.github.token("github_pat_UPSTREAM", {
      ...holder,
      grants: { ...holder.grants, "example/shop": { contents: "read", pull_requests: "read", metadata: "read" } },
    });
    const wanted = shop.github.intercept;
    shop.github.intercept = (request, response) => {
      if (!request.url.pathname.endsWith("/comments")) return false;
      response.writeHead(request.method === "POST" ? 201 : 200, { "content-type": "application/json" });
      response.end(request.method === "POST" ? "{}" : "[]");
      return true;
    };
    expect(await shop.decide({ action: "ready", why: "fits" })).toMatchObject({ result: "by_hand", status: "draft" });
    shop.github.intercept = wanted;
    expect(shop.github.problems).toEqual([]);
  });

  it("gets a person's edits as one more commit by the fork's credential, never by force", async () => {
    const shop = await drafted(() => ({ edits: [FIRST] }));
    const edits = [edit("services/promotions/main.js", "promotions5 = query()", "promotions5 = 7")];
    const told = await shop.decide({ action: "edit", title: "Go back", ...REASONS, edits });
    expect(told).toMatchObject({ result: "done", status: "draft", base: shop.bad });
    expect(git(shop.fork.dir, ["log", "-1", "--format=%P|%an|%cn", shop.branch])).toBe(
      `${shop.commit}|Ada Lovelace|oncall-copilot`,
    );
    expect(writesOf(shop)).toEqual([
      ["FORK", "POST", "/v3/repos/copilot/shop/git/trees"],
      ["FORK", "POST", "/v3/repos/copilot/shop/git/commits"],
      ["FORK", "PATCH", `/v3/repos/copilot/shop/git/refs/heads%2F${shop.branch.replace("/", "%2F")}`],
      ["UPSTREAM", "POST", "/v3/repos/example/shop/issues/101/comments"],
    ]);
    const again = await shop.decide({ action: "edit", title: "Go back", ...REASONS, edits });
    expect(again).toMatchObject({ result: "done", head: told["head"] });
    expect(await shop.decide({ action: "look" })).toMatchObject({ base: shop.bad, head: told["head"] });
    expect(shop.github.problems).toEqual([]);
  });

  it("is closed with the reason and its branch deleted, once", async () => {
    const shop = await drafted();
    for (let count = 0; count < 2; count++) {
      expect(await shop.decide({ action: "close", why: "no incident" })).toMatchObject({ status: "closed" });
    }
    const [pull] = shop.github.world.pulls;
    expect(pull).toMatchObject({ state: "closed", draft: true });
    expect(pull?.comments).toHaveLength(1);
    expect(git(shop.fork.dir, ["for-each-ref", `refs/heads/${shop.branch}`])).toBe("");
    expect(shop.github.problems).toEqual([]);
  });

  it("is left alone when its branch has moved since, whatever was decided", async () => {
    const shop = await drafted(() => ({ edits: [FIRST] }));
    const tree = git(shop.fork.dir, ["rev-parse", `${shop.bad}^{tree}`]);
    const other = git(shop.fork.dir, ["commit-tree", tree, "-p", shop.commit, "-m", "more"]);
    git(shop.fork.dir, ["update-ref", `refs/heads/${shop.branch}`, other]);
    for (const action of [
      { action: "ready" },
      { action: "close" },
      { action: "edit", title: "Go back", ...REASONS, edits: [FIRST] },
    ]) {
      expect(await shop.decide(action)).toMatchObject({ result: "moved", head: other });
    }
    expect(shop.github.world.pulls[0]).toMatchObject({ draft: true, state: "open", comments: [] });
  });

  it("says that people were there first", async () => {
    const shop = await drafted();
    const [pull] = shop.github.world.pulls;
    if (pull) Object.assign(pull, { state: "closed", mergedAt: "2026-03-01T10:20:00Z" });
    expect(await shop.decide({ action: "ready" })).toMatchObject({ result: "too_late", status: "merged" });
    expect(shop.github.world.pulls[0]?.comments).toEqual([]);
  });

  it("is not decided on with a credential that could push to the upstream", async () => {
    const shop = await drafted();
    const holder = shop.github.world.tokens.get("github_pat_UPSTREAM");
    if (!holder) throw new Error("the shop has that token");
    shop.github.token("github_pat_UPSTREAM", { ...holder, roles: { ...holder.roles, "example/shop": "write" } });
    const about = { service: "promotions", branch: shop.branch, head: shop.commit, by: "Ada", incident: "x" };
    const result = await shop.call("decide_pr", { ...about, action: "ready" });
    expect(messageOf(result)).toContain("could_write_upstream");
    expect(shop.github.world.pulls[0]).toMatchObject({ draft: true });
  });
});
