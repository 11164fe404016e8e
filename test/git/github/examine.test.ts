import { examineServer, Finding } from "@oncall-copilot/core/server";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeServers } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { cleanup, SHOP_CATALOG, shopComponent } from "../support.ts";
import { FORK, type GitHubShop, push, shopAtGitHub, UPSTREAM } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

async function examine({ server, github }: GitHubShop, service?: string): Promise<string[]> {
  const findings = await examineServer(server, { service, mayWake: false });
  for (const finding of findings) Finding.parse(finding);
  expect(github.received.filter(({ method }) => method !== "GET")).toEqual([]);
  return findings.map(({ backend, check, status, message, cure }) => {
    const which = /\((upstream|fork)\)$/.exec(backend)?.[1] ?? "both";
    return `${which} ${check} ${status}: ${message}${cure === undefined ? "" : `; cure: ${cure}`}`;
  });
}

describe("the check-up of GitHub", () => {
  it("finds both credentials right, with who they are, how old the newest commit is and how the fork stands", async () => {
    const shop = await shopAtGitHub();
    expect(await examine(shop)).toEqual([
      "upstream reachable ok: it answers",
      "upstream authenticated ok: accepts ONCALL_GIT_GITHUB_UPSTREAM_TOKEN as shop-copilot",
      "upstream data ok: the newest commit of main of example/shop is 25 min old",
      "upstream privilege ok: cannot push to example/shop (GitHub tells the user's rights only: what the token itself was given cannot be asked)",
      "fork reachable ok: it answers",
      "fork authenticated ok: accepts ONCALL_GIT_GITHUB_FORK_TOKEN as shop-copilot",
      "fork data ok: copilot/shop is up to date with main",
      "fork privilege ok: does not even see example/shop",
      "both data ok: 2 deployments, the newest 22 min old",
    ]);
    expect(shop.github.problems).toEqual([]);
  });

  it("looks at each upstream that the catalog names, up to five, and says how many more there are", async () => {
    const other = (name: string, slug: string) => shopComponent(name, [], { "github.com/project-slug": slug });
    const more = ["a", "b", "c", "d", "e"].map((name) => other(name, `example/${name}`));
    const shop = await shopAtGitHub({ catalog: [...SHOP_CATALOG, ...more] });
    const told = (await examine(shop)).filter((line) => line.startsWith("upstream data"));
    expect(told).toEqual([
      expect.stringMatching(/^upstream data unknown: the catalog names 1 more upstream, which was not looked at/),
      "upstream data ok: the newest commit of main of example/shop is 25 min old",
      ...["a", "b", "c", "d"].map((name) =>
        expect.stringMatching(`^upstream data failure: .*no such thing in example/${name}.*\\(404\\)`),
      ),
    ]);
    const [one] = (await examine(shop, "d")).filter((line) => line.startsWith("upstream data"));
    expect(one).toContain("example/d");
  });

  it("says how far the fork is behind", async () => {
    const shop = await shopAtGitHub();
    shop.repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -2 });
    push(shop.repo, shop.upstream);
    expect((await examine(shop, "pricing")).join("\n")).toContain(
      "fork data ok: copilot/shop is behind: its newest commit of main is 25 min old; open_pr brings it up to date",
    );
  });

  it("says where forks are not allowed, and what is done until they are", async () => {
    const shop = await shopAtGitHub();
    shop.upstream.forking = false;
    expect(await examine(shop, "pricing")).toContainEqual(
      expect.stringMatching(/^fork data warning: example\/shop does not allow forks; cure: .*as a signed patch$/),
    );
  });

  it("finds too much privilege a failure, and says which to give instead", async () => {
    const shop = await shopAtGitHub({
      upstream: { roles: { ...UPSTREAM.roles, "example/shop": "maintain" } },
      fork: {
        roles: { ...FORK.roles, "example/shop": "write" },
        grants: { ...FORK.grants, "example/shop": { contents: "read" } },
      },
    });
    const told = (await examine(shop)).filter((line) => line.includes("privilege"));
    expect(told[0]).toMatch(
      /^upstream privilege failure: could change the upstream: .* push, maintain\. open_pr refuses.*; cure: give ONCALL_GIT_GITHUB_UPSTREAM_TOKEN pull requests: write, contents: read and metadata: read on the upstream alone/,
    );
    expect(told[1]).toMatch(
      /^fork privilege failure: .* push\..*; cure: give ONCALL_GIT_GITHUB_FORK_TOKEN contents: write and metadata: read on the fork alone/,
    );
  });

  it.each<[string, Parameters<typeof shopAtGitHub>[0], RegExp[]]>([
    [
      "an expired token",
      { upstream: { expired: true } },
      [
        /^upstream reachable ok/,
        /^upstream authenticated failure: .*\(401\).*cure: set ONCALL_GIT_GITHUB_UPSTREAM_TOKEN/,
      ],
    ],
    [
      "a fork that is not there",
      { env: { ONCALL_GIT_GITHUB_FORKS: "nobody/shop" } },
      [/^fork data failure: there is no fork of example\/shop.*cure: have a person fork/],
    ],
    [
      "a token that does not see the upstream",
      { upstream: { roles: {} } },
      [/^upstream data failure: .*no such thing in example\/shop.*\(404\)/],
    ],
    [
      "no fork, where none is wanted",
      { env: { ONCALL_GIT_GITHUB_FORKS: "", ONCALL_GIT_GITHUB_FORK_TOKEN: "" } },
      [/^both configured ok: no fork is configured/],
    ],
    [
      "a credential for a fork that is not named",
      { env: { ONCALL_GIT_GITHUB_FORKS: "" } },
      [
        /^both configured failure: ONCALL_GIT_GITHUB_FORK_TOKEN is set, but ONCALL_GIT_GITHUB_FORKS names no fork, so open_pr .*; cure: set ONCALL_GIT_GITHUB_FORKS to OWNER\/NAME/,
      ],
    ],
    [
      "a fork without a credential for it",
      { env: { ONCALL_GIT_GITHUB_FORK_TOKEN: "" } },
      [
        /^both configured failure: ONCALL_GIT_GITHUB_FORKS names copilot\/shop, but no credential .*; cure: set ONCALL_GIT_GITHUB_FORK_TOKEN/,
      ],
    ],
  ])("finds %s", async (_, options, lines) => {
    const told = await examine(await shopAtGitHub(options));
    for (const line of lines) expect(told).toContainEqual(expect.stringMatching(line));
  });

  it("finds an address that refuses the connection unreachable, and stops there", async () => {
    const shop = await shopAtGitHub();
    await closeServers();
    const told = await examine(shop);
    expect(told[0]).toMatch(/^upstream reachable failure: GitHub at .* refused the connection/);
    expect(told.filter((line) => line.startsWith("upstream"))).toHaveLength(1);
  });
});
