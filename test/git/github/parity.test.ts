import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openRecording } from "@oncall-copilot/core/recording";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GitHubDouble, startGitHub } from "../../support/github/double.ts";
import { closeServers } from "../../support/http/server.ts";
import { ROOT } from "../../support/mcp/servers.ts";
import { cleanup, git, type Served, serve, tempDir } from "../support.ts";
import { TOKENS, UPSTREAM } from "./shop.ts";

interface Both {
  readonly recorded: Served;
  readonly hosted: Served;
  readonly github: GitHubDouble;
  readonly shas: readonly string[];
}

/** A recording as read from its folder, and the same repository as GitHub tells of it. */
async function both(name: string): Promise<Both> {
  const folder = join(ROOT, "test/recordings", name);
  const recording = await openRecording(folder, { asOf: undefined });
  const dir = join(tempDir(), "shop.git");
  execFileSync("git", ["clone", "--quiet", "--bare", join(folder, "repo.bundle"), dir], { stdio: "pipe" });
  const github = await startGitHub();
  github.add("northwind", "shop", dir);
  const slug = "northwind/shop";
  const grants = { [slug]: { contents: "read", pull_requests: "write", metadata: "read" } } as const;
  github.token(TOKENS.upstream, { ...UPSTREAM, roles: { [slug]: "read" }, grants });
  const hosted = await serve({
    ...{ ONCALL_GIT_GITHUB_URL: github.url, ONCALL_GIT_GITHUB_UPSTREAM_TOKEN: TOKENS.upstream },
    ONCALL_CATALOG: join(folder, "catalog.yaml"),
    ONCALL_AS_OF: new Date(recording.asOf).toISOString(),
    ONCALL_GIT_DEPLOYMENTS: join(folder, "deployments.ndjson"),
  });
  const shas = git(dir, ["rev-list", "main"]).split("\n");
  return { recorded: await serve({ ONCALL_RECORDING: folder }), hosted, github, shas };
}

afterAll(async () => {
  await closeServers();
  cleanup();
});

/** Arguments of both tools; `SHA0` stands for the newest commit, `SHA1` for the one before, and so on. */
const TABLE: readonly (readonly [string, object])[] = [
  ["read_changes", { service: "storefront" }],
  ["read_changes", { service: "storefront", from: "-30m" }],
  ["read_changes", { service: "storefront", from: "-7d", limit: 40 }],
  ["read_changes", { service: "storefront", from: "-30d", limit: 40 }],
  ["read_changes", { service: "storefront", hops: 0, from: "-7d" }],
  ["read_changes", { service: "pricing", from: "-10m" }],
  ["read_changes", { service: "promotions", from: "-30d", path: "services/promotions/offers.js" }],
  ["read_changes", { service: "promotions", from: "-30d", path: "lib" }],
  ["read_changes", { service: "promotions", from: "-2m", to: "-1m" }],
  ["read_changes", { service: "promotions", commit: "SHA0" }],
  ["read_changes", { service: "promotions", commit: "SHA1" }],
  ["read_changes", { service: "promotions", commit: "SHA3" }],
  ["read_changes", { service: "promotions", commit: "LAST" }],
  ["read_changes", { service: "promotions", commit: "deadbeefdead" }],
  ["read_file", { service: "promotions", path: "services/promotions/offers.js" }],
  ["read_file", { service: "promotions", path: "services/promotions/offers.js", revision: "SHA5", lines: 10 }],
  ["read_file", { service: "promotions", path: "services/promotions/nothing.js" }],
  ["read_file", { service: "promotions", path: "package.json", start_line: 2 }],
  ["read_file", { service: "promotions", path: "services/pricing/main.js" }],
  ["read_file", { service: "promotions", path: "/" }],
  ["read_file", { service: "promotions", path: "lib/", revision: "SHA5", lines: 4 }],
  ["read_file", { service: "promotions", path: "deploy" }],
  ["read_file", { service: "promotions", path: "deploy/promotions.yaml/" }],
  ["read_file", { service: "promotions", path: "services/promotion/" }],
  ["read_file", { service: "promotions", path: "services/pricing/" }],
];

for (const name of ["bad-deployment-three-hops", "healthy-peak"]) {
  describe(`${name}, loaded into GitHub, answers as from its folder:`, () => {
    let at: Both;
    beforeAll(async () => {
      at = await both(name);
    });

    it.each(TABLE)("%s %j", async (tool, args) => {
      const text = JSON.stringify(args).replace(/SHA(\d+)|LAST/g, (_, index?: string) => {
        return (index === undefined ? at.shas.at(-1) : at.shas[Number(index)])?.slice(0, 12) ?? "";
      });
      const wanted = JSON.parse(text) as object;
      const [recorded, hosted] = [await at.recorded.call(tool, wanted), await at.hosted.call(tool, wanted)];
      const words = (told: unknown) => JSON.stringify(told).replaceAll(`the recording ${name}`, "northwind/shop");
      expect(JSON.parse(words(hosted.structured))).toEqual(JSON.parse(words(recorded.structured)));
      expect(at.github.problems).toEqual([]);
    });
  });
}
