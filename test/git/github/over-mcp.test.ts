import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeServers } from "../../support/http/server.ts";
import { type Connected, connectStdio } from "../../support/mcp/connect.ts";
import { discoverServers } from "../../support/mcp/servers.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { edit, PROOF, proposal } from "../proposal.ts";
import { cleanup, fingerprint, git } from "../support.ts";
import { type GitHubShop, shopAtGitHub } from "./shop.ts";

/** Commits that must not be taken back, by why not. */
const commits: Record<string, string> = {};
let shop: GitHubShop;
let connected: Connected;
let upstream = "";

/** The built server as a process of its own, which asks a GitHub that is held to GitHub's own description. */
beforeAll(async () => {
  shop = await shopAtGitHub({
    later: (repo) => {
      const main = "services/promotions/main.js";
      commits["outside_service"] = repo.edit("services/pricing/main.js", "2 = 2", "2 = 3").commit({ minutes: -19 });
      symlinkSync("../../lib/pool.js", join(repo.dir, "services/promotions/link.js"));
      commits["not_a_plain_file"] = repo.commit({ minutes: -18 });
      commits["runs_code_on_merge"] = repo.write("services/promotions/Jenkinsfile", "a\n").commit({ minutes: -17 });
      for (let index = 0; index < 21; index++) repo.write(`services/promotions/many/${index}.txt`, "1\n");
      commits["too_large"] = repo.commit({ minutes: -16 });
      commits["already_reverted"] = repo.edit(main, "9 = 9", "9 = 90").commit({ minutes: -15 });
      repo.edit(main, "9 = 90", "9 = 9").commit({ minutes: -14 });
      commits["conflict"] = repo.edit(main, "20 = 20", "20 = 21").commit({ minutes: -13 });
      repo.edit(main, "20 = 21", "20 = 22").commit({ minutes: -12 });
      commits["cannot_revert"] = git(repo.dir, ["rev-list", "--max-parents=0", "HEAD"]);
      commits["unknown_commit"] = "d".repeat(40);
    },
  });
  upstream = fingerprint(shop.upstream.dir);
  const server = discoverServers().find((one) => one.server === "git");
  connected = await connectStdio(server?.bin ?? "", { ...shop.env, ONCALL_EVIDENCE_KEY: "07".repeat(32) });
});

afterAll(async () => {
  await connected.close();
  await closeServers();
  cleanup();
  await cleanupRecordings();
});

async function openPr(given: object) {
  const { structuredContent, isError } = await connected.client.callTool({
    name: "open_pr",
    arguments: given as Record<string, unknown>,
  });
  return { isError, ...(structuredContent as Readonly<Record<string, unknown>>) } as Record<string, unknown>;
}

const untouched = () => {
  expect(shop.github.received.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(fingerprint(shop.upstream.dir)).toBe(upstream);
  expect(shop.github.problems).toEqual([]);
};

describe("open_pr of the built server, over MCP, with GitHub behind it", () => {
  it.each(
    ["outside_service", "not_a_plain_file", "runs_code_on_merge", "too_large", "already_reverted", "conflict"].concat(
      "cannot_revert",
      "unknown_commit",
    ),
  )("refuses a revert: %s", async (reason) => {
    const told = await openPr(proposal({ revert: commits[reason] }));
    expect(told).toMatchObject({ isError: true, outcome: "bad_request" });
    expect(told["message"]).toContain(`open_pr refuses (${reason})`);
    untouched();
  });

  const manifest = "deploy/promotions.yaml";
  it.each<[string, object]>([
    ["no_evidence", { evidence: [] }],
    ["evidence_does_not_verify", { evidence: [{ ...PROOF, text: `${PROOF.text}!` }] }],
    ["claim_does_not_hold", { claims: [{ text: "It is 9.", citations: [] }] }],
    ["no_fix", { edits: [], revert: undefined }],
    ["changes_nothing", { edits: [edit(manifest, "replicas: 2", "replicas: 2")] }],
    ["outside_service", { edits: [edit("deploy/pricing.yaml", "replicas: 2", "replicas: 3")] }],
    ["runs_code_on_merge", { edits: [edit(".github/workflows/ci.yml", "a", "b")] }],
    ["not_a_plain_file", { edits: [edit("services/promotions/link.js", "a", "b")] }],
    ["too_large", { edits: [edit(manifest, "replicas: 2", `replicas: 2\n${"# x\n".repeat(500)}`)] }],
    [
      "holds_secret",
      { edits: [edit(manifest, "replicas: 2", `replicas: 2 # ghp_${"a1B2c3D4".repeat(5).slice(0, 36)}`)] },
    ],
    ["does_not_parse", { edits: [edit(manifest, "replicas: 2", "replicas: [2")] }],
    ["text_not_found", { edits: [edit(manifest, "replicas: 5", "replicas: 6")] }],
  ])("refuses edits: %s", async (reason, spoilt) => {
    const fix = { edits: [edit(manifest, "replicas: 2", "replicas: 3")] };
    const told = await openPr(proposal(fix, spoilt));
    expect(told).toMatchObject({ isError: true, outcome: "bad_request" });
    expect(told["message"]).toContain(`open_pr refuses (${reason})`);
    untouched();
  });

  it("opens a draft of what is right, and leaves the upstream as it is", async () => {
    const told = await openPr(proposal({ revert: shop.bad }));
    expect(told).toMatchObject({ outcome: "found", state: "opened", status: "draft", base: shop.repo.head() });
    expect(git(shop.fork.dir, ["diff", "--numstat", shop.repo.head(), String(told["commit"])])).toBe(
      "1\t1\tservices/promotions/main.js",
    );
    expect(await openPr(proposal({ revert: shop.bad }))).toMatchObject({ state: "exists", url: told["url"] });
    expect(fingerprint(shop.upstream.dir)).toBe(upstream);
    expect(shop.github.problems).toEqual([]);
  });
});
