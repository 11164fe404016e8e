import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";
import { at, cleanup, itemsOf, SHOP_CATALOG, serve, shopRepo, type TestRepo, tempDir } from "./support.ts";

afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

/** The shop's repository with three further commits, as git-sync and CI clone it. */
function history(): { repo: TestRepo; shas: string[] } {
  const repo = shopRepo();
  const shas = [
    repo.edit("services/pricing/main.js", "pricing3 = 3", "pricing3 = 4").commit({ minutes: -50, message: "round" }),
    repo.edit("services/pricing/main.js", "pricing4 = 4", "pricing4 = 9").commit({ minutes: -30, message: "cap" }),
    repo
      .edit("services/pricing/main.js", "pricing4 = 9", "pricing4 = 4")
      .commit({ minutes: -10, message: 'Revert "cap"' }),
  ];
  return { repo, shas };
}

async function cloned(repo: TestRepo, depth: number | undefined) {
  const dir = join(tempDir(), "clone");
  const shallow = depth === undefined ? [] : [`--depth=${depth}`];
  execFileSync("git", ["clone", "-q", "-b", "main", ...shallow, `file://${repo.dir}`, dir]);
  const folder = await writeRecording({ catalog: SHOP_CATALOG });
  const env = { ONCALL_GIT_UPSTREAM: dir, ONCALL_AS_OF: at(5), ONCALL_CATALOG: join(folder, "catalog.yaml") };
  const { call } = await serve(env);
  const ask = async (args: object = {}) => {
    const result = await call("read_changes", { service: "pricing", from: "-2h", limit: 20, ...args });
    return { result, items: itemsOf(result), gaps: JSON.stringify(result.structured["gaps"] ?? []) };
  };
  return ask;
}

describe("a shallow clone", () => {
  it("of depth 1 adds nothing: what its one commit changed is not known, and a gap says so", async () => {
    const { repo, shas } = history();
    const { items, gaps, result } = await (await cloned(repo, 1))();
    expect(items).toEqual([]);
    expect(gaps).toContain(`shallow clone whose history begins at ${shas[2]?.slice(0, 10)}`);
    expect(gaps).toContain("git fetch --unshallow");
    expect(result.text).not.toContain("new file mode");
  });

  it("tells the commits that it has whole, and where it ends", async () => {
    const { repo, shas } = history();
    const { items, gaps } = await (await cloned(repo, 2))();
    expect(items.map(({ sha }) => sha)).toEqual([shas[2]]);
    expect(items[0]?.evidence.text).toContain("pricing4");
    expect(gaps).toContain(`begins at ${shas[1]?.slice(0, 10)}`);
  });

  it("says nothing of its end where that lies before the window", async () => {
    const { repo } = history();
    const { items, gaps } = await (await cloned(repo, 2))({ from: "-20m" });
    expect(items).toHaveLength(1);
    expect(gaps).not.toContain("shallow");
  });

  it("does not show the commit at its end as if it were the first of all", async () => {
    const { repo, shas } = history();
    const { result } = await (await cloned(repo, 1))({ commit: shas[2] });
    expect(result.text).toContain("is a shallow clone that begins there");
    expect(result.text).not.toContain("+export const");
  });

  it("is no other than a whole one once it was fetched whole", async () => {
    const { repo, shas } = history();
    const { items, gaps } = await (await cloned(repo, undefined))();
    expect(items.map(({ sha }) => sha)).toEqual(expect.arrayContaining(shas));
    expect(gaps).not.toContain("shallow");
  });
});
