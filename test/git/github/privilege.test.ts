import { generateKeyPairSync } from "node:crypto";
import { examineServer } from "@oncall-copilot/core/server";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { DoubleInstallation, Grants, TokenHolder } from "../../support/github/world.ts";
import { closeServers } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { messageOf, proposal } from "../proposal.ts";
import { cleanup, git } from "../support.ts";
import { FORK, forkOf, type GitHubShop, shopAtGitHub, TOKENS, UPSTREAM } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

/** Refused, with nothing written anywhere. */
async function refused({ call, github, fork, bad }: GitHubShop): Promise<string> {
  const result = await call("open_pr", proposal({ revert: bad }));
  expect(result.structured["outcome"]).toBe("bad_request");
  expect(messageOf(result)).toContain("open_pr refuses (could_write_upstream)");
  const writes = github.received.filter(
    ({ method, url }) => method !== "GET" && !url.pathname.includes("access_tokens"),
  );
  expect(writes).toEqual([]);
  expect(github.world.pulls).toEqual([]);
  expect(git(fork.dir, ["for-each-ref", "--format=%(refname)"])).toBe("refs/heads/main");
  return `${messageOf(result)} ${result.structured["try_next"]}`;
}

const slug = "example/shop";

describe("open_pr refuses a token", () => {
  it.each<[string, Partial<TokenHolder>, string]>([
    [
      "whose user can push",
      { roles: { ...UPSTREAM.roles, [slug]: "write" } },
      "the user of the token has at example/shop push",
    ],
    ["whose user maintains it", { roles: { ...UPSTREAM.roles, [slug]: "maintain" } }, "push, maintain"],
    ["whose user owns it", { roles: { ...UPSTREAM.roles, [slug]: "admin" } }, "push, maintain, admin"],
    [
      "of the classic kind that can write",
      { kind: "classic", scopes: ["repo", "workflow", "read:org"], roles: { [slug]: "read" } },
      "scope repo, scope workflow",
    ],
  ])("for the upstream %s, even if it was given less", async (_, upstream, words) => {
    const told = await refused(await shopAtGitHub({ upstream }));
    expect(told).toContain("the credential in ONCALL_GIT_GITHUB_UPSTREAM_TOKEN could change the upstream");
    expect(told).toContain(words);
    expect(told).toContain("pull requests: write, contents: read and metadata: read on the upstream alone");
  });

  it.each<[string, Partial<TokenHolder>, string]>([
    [
      "whose user can push to the upstream",
      { roles: { ...FORK.roles, [slug]: "write" }, grants: { ...FORK.grants, [slug]: { metadata: "read" } } },
      "push",
    ],
    [
      "that was given both repositories",
      { roles: { ...FORK.roles, [slug]: "admin" }, grants: { ...FORK.grants, [slug]: { contents: "write" } } },
      "push, maintain, admin",
    ],
  ])("for the fork %s", async (_, fork, words) => {
    const told = await refused(await shopAtGitHub({ fork }));
    expect(told).toContain("the credential in ONCALL_GIT_GITHUB_FORK_TOKEN could change the upstream");
    expect(told).toContain(words);
    expect(told).toContain("contents: write and metadata: read on the fork alone");
  });

  it("of whose rights GitHub says nothing", async () => {
    const shop = await shopAtGitHub();
    shop.github.intercept = ({ url, headers }, response) => {
      if (!url.pathname.endsWith("/repos/example/shop") || !headers.authorization?.includes("UPSTREAM")) return false;
      const json = { id: 1000, name: "shop", full_name: slug, owner: { login: "example" }, private: true, fork: false };
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ ...json, default_branch: "main" }));
      return true;
    };
    expect(await refused(shop)).toContain("rights that GitHub does not tell");
  });
});

describe("open_pr refuses a fork", () => {
  it.each([
    ["that is the upstream itself", slug, "is the upstream itself"],
    ["of something else", "copilot/other", "is no fork of example/shop"],
  ])("%s", async (_, name, words) => {
    const shop = await shopAtGitHub({
      env: { ONCALL_GIT_GITHUB_FORKS: name },
      fork: {
        roles: { ...FORK.roles, "copilot/other": "write", [slug]: "read" },
        grants: { "copilot/other": { contents: "write" }, [slug]: { contents: "read" } },
      },
    });
    shop.github.add("copilot", "other", shop.fork.dir);
    expect(await refused(shop)).toContain(words);
  });
});

describe("open_pr asks for the rights again", () => {
  const mayPush: TokenHolder = { ...UPSTREAM, roles: { ...UPSTREAM.roles, [slug]: "write" } };
  const bothMayPush: TokenHolder = {
    ...{ ...FORK, roles: { ...FORK.roles, [slug]: "write" } },
    grants: { ...FORK.grants, [slug]: { metadata: "read" } },
  };

  /** What becomes of it where the rights change at the first request of this kind. */
  function changeAt({ github }: GitHubShop, method: string, path: string, token: string, holder: TokenHolder): void {
    github.intercept = (request) => {
      if (request.method === method && request.url.pathname.endsWith(path)) github.token(token, holder);
      return false;
    };
  }

  it.each([
    ["upstream's", TOKENS.upstream, mayPush],
    ["fork's", TOKENS.fork, bothMayPush],
  ])("just before the first write, when the %s came to have more in between", async (_, token, holder) => {
    const shop = await shopAtGitHub();
    changeAt(shop, "GET", "/repos/example/shop/pulls", token, holder);
    expect(await refused(shop)).toContain("could change the upstream");
  });

  it.each([
    ["upstream's", TOKENS.upstream, mayPush],
    ["fork's", TOKENS.fork, bothMayPush],
  ])("just before the pull request, when the %s came to have more in between", async (_, token, holder) => {
    const shop = await shopAtGitHub();
    const { call, github, bad } = shop;
    changeAt(shop, "POST", "/repos/copilot/shop/git/refs", token, holder);
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(result.structured["outcome"]).toBe("bad_request");
    expect(messageOf(result)).toContain("open_pr refuses (could_write_upstream)");
    expect(messageOf(result)).toMatch(/its branch oncall\/\S+ is on copilot\/shop, with no pull request/);
    expect(github.world.pulls).toEqual([]);
    expect(github.received.some(({ method, url }) => method === "POST" && url.pathname.endsWith("/pulls"))).toBe(false);
  });

  it("and refuses a fork that is another repository by then", async () => {
    const shop = await shopAtGitHub();
    const other = shop.github.add("copilot", "other", forkOf(shop.upstream.dir), { parent: shop.upstream });
    shop.github.intercept = ({ method, url }) => {
      if (method === "GET" && url.pathname.endsWith("/repos/example/shop/pulls")) {
        [shop.fork.name, other.name] = ["old", "shop"];
      }
      return false;
    };
    const result = await shop.call("open_pr", proposal({ revert: shop.bad }));
    expect(messageOf(result)).toMatch(/copilot\/shop is another repository than a moment ago/);
    expect(shop.github.received.some(({ method }) => method === "POST")).toBe(false);
  });

  it("by three requests each time", async () => {
    const { call, github, bad } = await shopAtGitHub();
    expect((await call("open_pr", proposal({ revert: bad }))).structured).toMatchObject({ state: "opened" });
    const asked = github.asked().filter((route) => /^GET \/repos\/(?:example|copilot)\/shop$/.test(route));
    expect(asked).toHaveLength(9);
  });
});

describe("two GitHub Apps", () => {
  const keys = {
    upstream: generateKeyPairSync("rsa", { modulusLength: 2048 }),
    fork: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  };
  const pem = (part: keyof typeof keys) => keys[part].privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const read: Grants = { contents: "read", metadata: "read", pull_requests: "write" };

  async function shopOfApps(
    upstream: Partial<DoubleInstallation> = {},
    fork: readonly Partial<DoubleInstallation>[] = [{}],
  ): Promise<GitHubShop> {
    const shop = await shopAtGitHub({
      env: {
        ...{ ONCALL_GIT_GITHUB_UPSTREAM_TOKEN: "", ONCALL_GIT_GITHUB_FORK_TOKEN: "" },
        ...{ ONCALL_GIT_GITHUB_UPSTREAM_APP_ID: "11", ONCALL_GIT_GITHUB_UPSTREAM_APP_INSTALLATION_ID: "111" },
        ONCALL_GIT_GITHUB_UPSTREAM_APP_PRIVATE_KEY: pem("upstream"),
        ...{ ONCALL_GIT_GITHUB_FORK_APP_ID: "22", ONCALL_GIT_GITHUB_FORK_APP_INSTALLATION_ID: "222" },
        ONCALL_GIT_GITHUB_FORK_APP_PRIVATE_KEY: pem("fork").replaceAll("\n", "\\n"),
      },
    });
    const both = [slug, "copilot/shop"];
    shop.github.world.apps.push(
      {
        ...{ id: "11", slug: "oncall-reader", publicKey: keys.upstream.publicKey },
        installations: [{ id: 111, repositories: both, permissions: read, ...upstream }],
      },
      {
        ...{ id: "22", slug: "oncall-writer", publicKey: keys.fork.publicKey },
        installations: fork.map((more, index) => ({
          ...{
            id: 222 + index,
            repositories: ["copilot/shop"],
            permissions: { contents: "write", metadata: "read" } as const,
          },
          ...more,
        })),
      },
    );
    return shop;
  }

  it("open a draft with tokens that each fetches for an hour, and fetches once", async () => {
    const { call, github, bad } = await shopOfApps();
    await call("read_changes", { service: "promotions" });
    expect((await call("open_pr", proposal({ revert: bad }))).structured).toMatchObject({ state: "opened" });
    // A draft is opened where it is to be merged, by whoever may ask for that there.
    expect(github.world.pulls[0]?.author).toBe("oncall-reader[bot]");
    expect(github.asked().filter((route) => route.includes("access_tokens"))).toHaveLength(2);
    expect(github.problems).toEqual([]);
  });

  it.each<[string, Grants, string]>([
    ["write contents", { ...read, contents: "write" }, "contents: write"],
    ["write workflows", { ...read, workflows: "write" }, "workflows: write"],
    ["administer", { ...read, administration: "write" }, "administration: write"],
    ["say that checks have passed", { ...read, checks: "write", statuses: "write" }, "checks: write, statuses: write"],
  ])("are refused when the upstream's may %s there", async (_, permissions, words) => {
    const told = await refused(await shopOfApps({ permissions }));
    expect(told).toContain(`the App is installed at example/shop with ${words}`);
    expect(told).toContain("ONCALL_GIT_GITHUB_UPSTREAM_APP_ID and ONCALL_GIT_GITHUB_UPSTREAM_APP_PRIVATE_KEY");
  });

  it("are refused when the fork's is installed at the upstream too, be it by another installation", async () => {
    const told = await refused(await shopOfApps({}, [{}, { repositories: [slug] }]));
    expect(told).toContain("the credential in ONCALL_GIT_GITHUB_FORK_APP_ID");
    expect(told).toContain("contents: write");
  });

  it("are found right by the check-up, which names both", async () => {
    const { server, github } = await shopOfApps();
    const findings = await examineServer(server, { service: undefined, mayWake: false });
    const found = findings.map(({ check, status }) => `${check} ${status}`);
    const upstream = ["reachable ok", "authenticated ok", "data ok", "privilege ok"];
    // Both are private and of two owners: a draft of an App would be refused there.
    const fork = ["reachable ok", "authenticated ok", "data warning", "data ok", "privilege ok"];
    expect(found).toEqual([...upstream, ...fork, "data ok"]);
    expect(findings.at(-1)?.message).toContain("deployments");
    expect(findings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("as the App oncall-reader"),
        expect.stringContaining("as the App oncall-writer"),
        "cannot push to example/shop",
        "does not even see example/shop",
      ]),
    );
    expect(github.problems).toEqual([]);
  });

  it("are told of an installation that is suspended", async () => {
    const { call } = await shopOfApps({ suspended: true });
    const result = await call("read_changes", { service: "promotions" });
    expect(JSON.stringify(result.structured)).toContain("says that the App is suspended");
  });

  it("are told of a key that is another App's", async () => {
    const shop = await shopOfApps();
    const [one, other] = shop.github.world.apps.splice(0);
    if (one && other) shop.github.world.apps.push({ ...one, id: other.id }, { ...other, id: one.id });
    const { structured } = await shop.call("read_changes", { service: "promotions" });
    expect(JSON.stringify(structured)).toMatch(
      /did not accept the credential \(401.*_APP_PRIVATE_KEY: the key must be one of that App/,
    );
  });
});

describe("a configuration", () => {
  it.each([
    ["one token for both", { ONCALL_GIT_GITHUB_FORK_TOKEN: "github_pat_UPSTREAM" }, "must be two credentials"],
    ["an App in part", { ONCALL_GIT_GITHUB_FORK_TOKEN: "", ONCALL_GIT_GITHUB_FORK_APP_ID: "1" }, "go together"],
    ["a token and an App", { ONCALL_GIT_GITHUB_FORK_APP_ID: "1" }, "not both"],
    ["an installation's token", { ONCALL_GIT_GITHUB_FORK_TOKEN: "ghs_abc" }, "for an hour"],
    ["credentials in the address", { ONCALL_GIT_GITHUB_URL: "https://a:b@github.com" }, "must not hold credentials"],
    ["a local upstream too", { ONCALL_GIT_UPSTREAM: "/tmp" }, "not both"],
  ])("with %s is refused", async (_, env, words) => {
    await expect(shopAtGitHub({ env })).rejects.toThrow(words);
  });
});
