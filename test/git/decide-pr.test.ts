import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withScopes } from "@oncall-copilot/core/server";
import { afterAll, describe, expect, it } from "vitest";
import { at, cleanupRecordings, writeRecording } from "../support/recording.ts";
import { brokenShop, edit, messageOf, proposal, REASONS, type Shop } from "./proposal.ts";
import { cleanup, git, SHOP_CATALOG, serve } from "./support.ts";

afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const ADA = { by: "Ada Lovelace (U0123ABCD)", incident: "HighErrorRate-20260301" };

interface Draft {
  readonly branch: string;
  readonly commit: string;
  readonly folder: string;
  readonly fork: string;
}

async function draftOf(shop: Shop, fix: object = { revert: shop.bad }): Promise<Draft> {
  const { structured } = await shop.call("open_pr", proposal(fix));
  const { branch, commit, body_path: body } = structured as { branch: string; commit: string; body_path: string };
  const forks = join(shop.workdir, "forks");
  const fork = join(forks, readdirSync(forks).find((name) => name.endsWith(".git")) ?? "");
  return { branch, commit, folder: dirname(body), fork };
}

const about = ({ branch, commit }: Draft) => ({ service: "promotions", branch, head: commit, ...ADA });
const recordOf = ({ folder }: Draft) => JSON.parse(readFileSync(join(folder, "pull-request.json"), "utf8"));
const saidOf = ({ folder }: Draft) => readFileSync(join(folder, "decisions.md"), "utf8");
const tipOf = ({ fork, branch }: Draft) =>
  git(fork, ["for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`]);

describe("the scope of decisions", () => {
  it("is on offer only where it is granted by name", async () => {
    const { server } = await brokenShop();
    const names = (granted?: string) => withScopes(server, granted).tools.map(({ name }) => name);
    expect(names()).toEqual(["read_changes", "read_file", "open_pr"]);
    expect(names("git:read,git:propose")).toEqual(["read_changes", "read_file", "open_pr"]);
    expect(names("git:decide")).toEqual(["decide_pr"]);
  });
});

describe("a draft of the local fork", () => {
  it("is looked at without a change", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop);
    const { structured } = await shop.call("decide_pr", {
      service: "promotions",
      branch: draft.branch,
      action: "look",
    });
    expect(structured).toMatchObject({ result: "looked", status: "draft", base: shop.bad, head: draft.commit });
    expect(existsSync(join(draft.folder, "decisions.md"))).toBe(false);
  });

  it("becomes ready, with who approved it and why written beside it, and nothing is merged", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop);
    const before = git(shop.repo.dir, ["rev-parse", "main"]);
    const { structured } = await shop.call("decide_pr", { ...about(draft), action: "ready", why: "fits @everyone" });
    expect(structured).toMatchObject({ result: "done", status: "open", head: draft.commit });
    expect(recordOf(draft)).toMatchObject({ status: "open", draft: false });
    expect(saidOf(draft)).toMatch(
      /\*\*Approved for review\*\* by Ada Lovelace \(U0123ABCD\), at commit `[0-9a-f]{12}`/,
    );
    expect(saidOf(draft)).not.toContain("@everyone");
    expect(git(shop.repo.dir, ["rev-parse", "main"])).toBe(before);
  });

  it("is told once, however often the same decision is carried out", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop);
    for (let count = 0; count < 3; count++) {
      const { structured } = await shop.call("decide_pr", { ...about(draft), action: "ready", why: "fits" });
      expect(structured).toMatchObject({ result: "done", status: "open" });
    }
    expect(saidOf(draft).match(/Approved for review/g)).toHaveLength(1);
  });

  it("is left as it is when its branch has moved since it was decided on, and says from what to what", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop);
    const tree = git(draft.fork, ["rev-parse", `${draft.commit}^{tree}`]);
    const other = git(draft.fork, ["commit-tree", tree, "-p", draft.commit, "-m", "more"]);
    git(draft.fork, ["update-ref", `refs/heads/${draft.branch}`, other]);
    for (const action of ["ready", "close"] as const) {
      const { structured } = await shop.call("decide_pr", { ...about(draft), action });
      expect(structured).toMatchObject({ result: "moved", status: "draft", head: other });
      expect(structured["summary"]).toBe(
        `The branch has moved from ${draft.commit.slice(0, 12)} to ${other.slice(0, 12)} since; nothing was done.`,
      );
    }
    expect(recordOf(draft)).toMatchObject({ draft: true });
    expect(tipOf(draft)).toBe(other);
  });

  it("is closed with the reason, its branch is deleted, and the same fix is not opened again", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop);
    for (let count = 0; count < 2; count++) {
      const { structured } = await shop.call("decide_pr", { ...about(draft), action: "close", why: "wrong cause" });
      expect(structured).toMatchObject({ result: "done", status: "closed" });
    }
    expect(tipOf(draft)).toBe("");
    expect(saidOf(draft)).toContain("> wrong cause");
    const again = await shop.call("open_pr", proposal({ revert: shop.bad }));
    expect(again.structured).toMatchObject({ state: "exists", status: "closed" });
    expect(tipOf(draft)).toBe("");
  });

  it("is known to be merged when the upstream has its commit, and no decision comes after that", async () => {
    const { repo, bad } = await brokenShop();
    const catalog = join(await writeRecording({ catalog: SHOP_CATALOG }), "catalog.yaml");
    const served = await serve({ ONCALL_GIT_UPSTREAM: repo.dir, ONCALL_CATALOG: catalog, ONCALL_AS_OF: at(5) });
    const opened = await served.call("open_pr", proposal({ revert: bad }));
    const { branch, commit } = opened.structured as { branch: string; commit: string };
    const fork = join(served.workdir, "forks", readdirSync(join(served.workdir, "forks"))[0] ?? "");
    git(repo.dir, ["fetch", "--quiet", fork.replace(/\.pull-requests$/, ".git"), branch]);
    git(repo.dir, ["merge", "--quiet", "--no-ff", "-m", "merge it", "FETCH_HEAD"]);
    const look = { service: "promotions", branch, action: "look" };
    expect((await served.call("decide_pr", look)).structured).toMatchObject({ result: "looked", status: "merged" });
    const ready = { ...look, ...ADA, action: "ready", head: commit };
    expect((await served.call("decide_pr", ready)).structured).toMatchObject({ result: "too_late", status: "merged" });
  });

  it("needs to be told who decides, on what, and for which incident", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop);
    const result = await shop.call("decide_pr", { service: "promotions", branch: draft.branch, action: "ready" });
    expect(messageOf(result)).toBe("ready needs head, by, incident");
    const other = await shop.call("decide_pr", {
      ...about(draft),
      branch: "oncall/none-000000000000",
      action: "ready",
    });
    expect(messageOf(other)).toContain("no draft of promotions was opened from oncall/none-000000000000");
  });
});

describe("an edit of a draft", () => {
  const FIRST = edit("services/promotions/main.js", "promotions5 = query()", "promotions5 = 6");
  const asEdited = (draft: Draft, edits: readonly object[], more: object = {}) => ({
    ...about(draft),
    ...{ action: "edit", title: "Go back", ...REASONS, edits, ...more },
  });

  it("is one more commit on the same branch, by name of who edited", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop, { edits: [FIRST] });
    const wanted = edit("services/promotions/main.js", "promotions5 = query()", "promotions5 = 7");
    const { structured } = await shop.call("decide_pr", asEdited(draft, [wanted], { why: "7 it was" }));
    expect(structured).toMatchObject({ result: "done", status: "draft", base: shop.bad });
    expect(structured["diff"]).toContain("+export const promotions5 = 7");
    const head = String(structured["head"]);
    expect(tipOf(draft)).toBe(head);
    expect(git(draft.fork, ["log", "-1", "--format=%P|%an|%cn|%s", head])).toBe(
      `${draft.commit}|Ada Lovelace (U0123ABCD)|oncall-copilot|Change the draft as Ada Lovelace (U0123ABCD) edited it`,
    );
    expect(git(draft.fork, ["show", `${head}:services/promotions/main.js`])).toContain("promotions5 = 7");
    const look = { service: "promotions", branch: draft.branch, action: "look" };
    expect((await shop.call("decide_pr", look)).structured).toMatchObject({ base: shop.bad, head });
  });

  it("is made once when it is carried out twice", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop, { edits: [FIRST] });
    const wanted = edit("services/promotions/main.js", "promotions5 = query()", "promotions5 = 7");
    const [first, second] = [
      await shop.call("decide_pr", asEdited(draft, [wanted])),
      await shop.call("decide_pr", asEdited(draft, [wanted])),
    ];
    expect(second.structured).toEqual(first.structured);
    expect(git(draft.fork, ["rev-list", "--count", `${shop.bad}..${draft.branch}`])).toBe("2");
  });

  it("may be the revert of another commit, and takes back whatever the draft did before", async () => {
    let other = "";
    const shop = await brokenShop((repo) => {
      other = repo.edit("services/promotions/main.js", "promotions9 = 9", "promotions9 = 0").commit({ minutes: -15 });
    });
    const draft = await draftOf(shop);
    const { edits: _, ...rest } = asEdited(draft, []);
    const { structured } = await shop.call("decide_pr", { ...rest, revert: other });
    expect(structured).toMatchObject({ result: "done", files: ["services/promotions/main.js"] });
    expect(structured["diff"]).toContain("+export const promotions9 = 9");
    expect(structured["diff"]).not.toContain("promotions5 = 5");
  });

  it.each([
    ["a file of another service", edit("services/pricing/main.js", "pricing1 = 1", "pricing1 = 2"), /outside_service/],
    ["a workflow", edit(".github/workflows/ci.yml", "a", "b"), /runs_code_on_merge/],
    [
      "a secret",
      edit("services/promotions/main.js", "promotions1 = 1;", `k = "ghp_${"a1B2".repeat(9)}";`),
      /holds_secret/,
    ],
    [
      "YAML that no longer parses",
      edit("deploy/promotions.yaml", "spec:", "spec: ["),
      /outside_service|does_not_parse/,
    ],
    ["text that is not there", edit("services/promotions/main.js", "nothing", "b"), /text_not_found/],
    ["no change", edit("services/promotions/main.js", "promotions1 = 1", "promotions1 = 1"), /changes_nothing/],
  ])("is refused for %s, as a proposal would be", async (_, wanted, why) => {
    const shop = await brokenShop();
    const draft = await draftOf(shop, { edits: [FIRST] });
    const result = await shop.call("decide_pr", asEdited(draft, [wanted]));
    expect(messageOf(result)).toMatch(why);
    expect(tipOf(draft)).toBe(draft.commit);
  });

  it("is refused without evidence that this installation has minted", async () => {
    const shop = await brokenShop();
    const draft = await draftOf(shop, { edits: [FIRST] });
    const forged = { ...REASONS.evidence[0], text: "promotions error_ratio 0.231, made up" };
    const result = await shop.call("decide_pr", asEdited(draft, [FIRST], { evidence: [forged] }));
    expect(messageOf(result)).toContain("evidence_does_not_verify");
  });
});
