import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cleanupRecordings } from "../support/recording.ts";
import { bodyOf, brokenShop, diffOf, edit, messageOf, PROOF, proposal } from "./proposal.ts";
import { at, cleanup, fingerprint, git, serve, serveRecording, shopRepo, tempDir } from "./support.ts";

afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

/** The only fork below a work folder. */
const forkOf = (workdir: string) => {
  const name = readdirSync(join(workdir, "forks")).find((entry) => entry.endsWith(".git"));
  return join(workdir, "forks", name ?? "");
};

describe("a revert", () => {
  it("opens a draft with exactly one commit on top of main, by oncall-copilot, at the as-of", async () => {
    const { call, repo, bad, workdir } = await brokenShop();
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(result.structured).toMatchObject({
      outcome: "found",
      state: "opened",
      base: bad,
      files: ["services/promotions/main.js"],
    });
    const fork = forkOf(workdir);
    const { branch, commit } = result.structured as { branch: string; commit: string };
    expect(branch).toMatch(/^oncall\/higherrorrate-20260301-[0-9a-f]{12}$/);
    expect(git(fork, ["for-each-ref", "--format=%(refname) %(objectname)"])).toBe(`refs/heads/${branch} ${commit}`);
    expect(git(fork, ["log", "--format=%P|%an|%cn|%aI|%cI|%B", "-1", branch])).toBe(
      `${bad}|oncall-copilot|oncall-copilot|2026-03-01T10:05:00+00:00|2026-03-01T10:05:00+00:00|Go back\n\nThis reverts commit ${bad}.\n\nDrafted by oncall-copilot for incident HighErrorRate-20260301; a person must review it.`,
    );
    expect(git(fork, ["diff", "--name-only", bad, commit])).toBe("services/promotions/main.js");
    expect(git(fork, ["rev-parse", `${commit}^{tree}`])).toBe(git(repo.dir, ["rev-parse", `${bad}^^{tree}`]));
  });

  it("gives a diff that git applies, with url, body and diff where a person finds them", async () => {
    const { call, repo, bad } = await brokenShop();
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(result.structured["url"]).toBe(`file://${result.structured["body_path"]}`);
    expect(diffOf(result)).toBe(result.structured["diff"]);
    git(repo.dir, ["apply", "--index", "-"], { input: diffOf(result) });
    expect(git(repo.dir, ["write-tree"])).toBe(git(repo.dir, ["rev-parse", `${bad}^^{tree}`]));
    const record = JSON.parse(
      readFileSync(join(dirname(String(result.structured["body_path"])), "pull-request.json"), "utf8"),
    );
    expect(record).toMatchObject({
      draft: true,
      base_branch: "main",
      commit: result.structured["commit"],
      title: "Go back",
    });
  });

  it("keeps what others changed in the same file since", async () => {
    const { call, bad, workdir } = await brokenShop((repo) => {
      repo.edit("services/promotions/main.js", "promotions25 = 25", "promotions25 = 26").commit({ minutes: -10 });
    });
    const result = await call("open_pr", proposal({ revert: bad }));
    const text = git(forkOf(workdir), ["show", `${result.structured["commit"]}:services/promotions/main.js`]);
    expect(text).toContain("promotions5 = 5;");
    expect(text).toContain("promotions25 = 26;");
  });

  it("refuses a conflict with the files and the later commits that changed the same lines", async () => {
    let [same, elsewhere] = ["", ""];
    const { call, bad } = await brokenShop((repo) => {
      same = repo.edit("services/promotions/main.js", "query()", "cached()").commit({ minutes: -10 });
      elsewhere = repo
        .edit("services/promotions/main.js", "promotions25 = 25", "promotions25 = 0")
        .commit({ minutes: -9 });
    });
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(messageOf(result)).toBe(
      `open_pr refuses (conflict): ${bad.slice(0, 12)} cannot be taken back cleanly: services/promotions/main.js (changed since by ${same.slice(0, 12)})`,
    );
    expect(messageOf(result)).not.toContain(elsewhere.slice(0, 12));
  });

  it("refuses when it is taken back already", async () => {
    const { call, bad } = await brokenShop((repo) => {
      repo.edit("services/promotions/main.js", "promotions5 = query()", "promotions5 = 5").commit({ minutes: -10 });
    });
    expect(messageOf(await call("open_pr", proposal({ revert: bad })))).toContain("open_pr refuses (already_reverted)");
  });

  it("takes back a merge against its first parent, and says what that means", async () => {
    let merge = "";
    const { call, workdir } = await brokenShop((repo) => {
      repo.switch("feature", true).edit("services/promotions/main.js", "9 = 9", "9 = 90").commit({ minutes: -15 });
      repo.write("services/promotions/new.js", "1\n").commit({ minutes: -14 });
      repo.switch("main").edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -13 });
      merge = repo.merge("feature", { minutes: -12 });
    });
    const result = await call("open_pr", proposal({ revert: merge }));
    expect(result.structured["files"]).toEqual(["services/promotions/main.js", "services/promotions/new.js"]);
    expect(git(forkOf(workdir), ["diff", "--name-status", merge, String(result.structured["commit"])])).toBe(
      "M\tservices/promotions/main.js\nD\tservices/promotions/new.js",
    );
    expect(bodyOf(result)).toContain("Reverts the merge");
    expect(bodyOf(result)).toContain("revert this revert");
  });

  it("brings deleted files back with their mode and takes added ones away", async () => {
    let sha = "";
    const { call, workdir } = await brokenShop((repo) => {
      repo.write("services/promotions/run.py", "#!/usr/bin/python3\n");
      git(repo.dir, ["add", "--chmod=+x", "services/promotions/run.py"]);
      repo.commit({ minutes: -12 });
      git(repo.dir, ["update-index", "--chmod=+x", "services/promotions/run.py"]);
      repo.remove("services/promotions/run.py").write("services/promotions/other.js", "1\n");
      sha = repo.commit({ minutes: -11 });
    });
    const result = await call("open_pr", proposal({ revert: sha }));
    expect(result.isError).toBe(false);
    const tree = git(forkOf(workdir), ["ls-tree", "-r", "--name-only", String(result.structured["commit"])]);
    expect(tree).toContain("services/promotions/run.py");
    expect(tree).not.toContain("services/promotions/other.js");
  });
});

describe("edits", () => {
  it("replaces text that occurs exactly once, several edits of a file in their order", async () => {
    const { call, workdir } = await brokenShop();
    const edits = [
      edit("deploy/promotions.yaml", "replicas: 2", "replicas: 3"),
      edit("deploy/promotions.yaml", "replicas: 3", "replicas: 4"),
      edit("services/promotions/main.js", "promotions7 = 7;", "promotions7 = 8; // $& $1"),
    ];
    const result = await call("open_pr", proposal({ edits }));
    const show = (path: string) => git(forkOf(workdir), ["show", `${result.structured["commit"]}:${path}`]);
    expect(show("deploy/promotions.yaml")).toContain("replicas: 4");
    expect(show("services/promotions/main.js")).toContain("promotions7 = 8; // $& $1");
    expect(bodyOf(result)).toContain("Changes 2 files of `promotions`.");
  });

  it("leaves every other byte alone, also without a last newline and with CRLF", async () => {
    const { call, workdir, repo } = await brokenShop((later) => {
      later.write("services/promotions/odd.txt", "a\r\nb\r\nlast line é").commit({ minutes: -10 });
    });
    const result = await call("open_pr", proposal({ edits: [edit("services/promotions/odd.txt", "b\r\n", "B\r\n")] }));
    expect(git(forkOf(workdir), ["show", `${result.structured["commit"]}:services/promotions/odd.txt`])).toBe(
      "a\r\nB\r\nlast line é",
    );
    git(repo.dir, ["apply", "--check", "-"], { input: diffOf(result) });
  });

  it("says how often and where text occurs that must occur once", async () => {
    const { call } = await brokenShop();
    const twice = await call(
      "open_pr",
      proposal({ edits: [edit("services/promotions/main.js", "export const promotions1", "x")] }),
    );
    expect(messageOf(twice)).toMatch(
      /open_pr refuses \(text_not_found\): old_text occurs 11 times in services\/promotions\/main.js, on lines 2, 11, 12, /,
    );
    const never = await call(
      "open_pr",
      proposal({ edits: [edit("services/promotions/main.js", "nothing like it", "x")] }),
    );
    expect(messageOf(never)).toContain("old_text does not occur in services/promotions/main.js");
    const empty = await call("open_pr", proposal({ edits: [edit("services/promotions/main.js", "", "x")] }));
    expect(messageOf(empty)).toContain("old_text for services/promotions/main.js is empty");
    const missing = await call("open_pr", proposal({ edits: [edit("services/promotions/mian.js", "a", "x")] }));
    expect(messageOf(missing)).toContain("services/promotions/mian.js does not exist in main");
    expect(missing.structured["try_next"]).toContain("services/promotions/main.js");
    const overlapping = await call("open_pr", proposal({ edits: [edit("deploy/promotions.yaml", "  ", " ")] }));
    expect(messageOf(overlapping)).toContain("old_text occurs");
  });
});

describe("the same incident and fix", () => {
  it("gives the first pull request again, whatever title and reasons say, and writes nothing", async () => {
    const { call, bad, workdir } = await brokenShop();
    const first = await call("open_pr", proposal({ revert: bad }));
    const before = fingerprint(workdir);
    const second = await call("open_pr", proposal({ revert: bad.toUpperCase() }, { title: "Another title" }));
    expect(second.structured).toEqual({
      ...first.structured,
      state: "exists",
      summary: expect.stringContaining("already"),
    });
    expect(fingerprint(workdir)).toBe(before);
  });

  it("opens one when several ask at once", async () => {
    const { call, bad, workdir } = await brokenShop();
    const results = await Promise.all(Array.from({ length: 5 }, () => call("open_pr", proposal({ revert: bad }))));
    expect(results.map((result) => result.structured["state"]).toSorted()).toEqual([
      "exists",
      "exists",
      "exists",
      "exists",
      "opened",
    ]);
    expect(new Set(results.map((result) => result.structured["commit"])).size).toBe(1);
    expect(readdirSync(join(workdir, "forks")).toSorted()).toHaveLength(2);
    expect(readdirSync(forkOf(workdir).replace(/\.git$/, ".pull-requests"))).toHaveLength(1);
  });

  it("opens another for another incident, another fix or another service", async () => {
    const { call, bad } = await brokenShop();
    const branches = [
      await call("open_pr", proposal({ revert: bad })),
      await call("open_pr", proposal({ revert: bad }, { incident: "HighErrorRate_20260301" })),
      await call("open_pr", proposal({ edits: [edit("deploy/promotions.yaml", "replicas: 2", "replicas: 3")] })),
      await call("open_pr", proposal({ edits: [edit("deploy/promotions.yaml", "replicas: 2", "replicas: 4")] })),
    ].map((result) => result.structured["branch"]);
    expect(new Set(branches).size).toBe(4);
  });

  it("gives the same commit from the same recording in another work folder", async () => {
    const one = await brokenShop();
    const two = await brokenShop();
    const [a, b] = [
      await one.call("open_pr", proposal({ revert: one.bad })),
      await two.call("open_pr", proposal({ revert: two.bad })),
    ];
    expect(a.structured["commit"]).toBe(b.structured["commit"]);
  });

  it("sets the branch again when whoever wrote the record was stopped before that", async () => {
    const { call, bad, workdir } = await brokenShop();
    const first = await call("open_pr", proposal({ revert: bad }));
    git(forkOf(workdir), ["update-ref", "-d", `refs/heads/${first.structured["branch"]}`]);
    await call("open_pr", proposal({ revert: bad }));
    expect(git(forkOf(workdir), ["rev-parse", `refs/heads/${first.structured["branch"]}`])).toBe(
      first.structured["commit"],
    );
  });
});

describe("a local upstream and fork", () => {
  it("reads a local repository, writes only to the fork, and leaves the upstream as it is, byte for byte", async () => {
    const repo = shopRepo();
    const bad = repo.edit("services/promotions/main.js", "5 = 5", "5 = 6").commit({ minutes: -20 });
    const { workdir: recordingWorkdir } = await serveRecording(repo);
    expect(recordingWorkdir).not.toBe("");
    const [work, fork] = [tempDir(), join(tempDir(), "nested", "fork.git")];
    const catalog = join(tempDir(), "catalog.yaml");
    const { SHOP_CATALOG } = await import("./support.ts");
    const { stringify } = await import("yaml");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(catalog, SHOP_CATALOG.map((entity) => `---\n${stringify(entity)}`).join(""));
    const before = fingerprint(repo.dir);
    const { call } = await serve({
      ...{ ONCALL_GIT_UPSTREAM: repo.dir, ONCALL_GIT_FORK: fork, ONCALL_GIT_WORKDIR: work },
      ...{ ONCALL_CATALOG: catalog, ONCALL_AS_OF: at(5) },
    });
    const changes = await call("read_changes", { service: "promotions" });
    expect(changes.text).toContain(bad);
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(result.structured).toMatchObject({ state: "opened", base: bad });
    expect(git(fork, ["rev-parse", `refs/heads/${result.structured["branch"]}^`])).toBe(bad);
    expect(fingerprint(repo.dir)).toBe(before);
    expect(readdirSync(work)).toEqual([]);
    rmSync(fork, { recursive: true });
  });
});

describe("the pull request's text", () => {
  it("tells what, why with quotes, evidence with links, how to verify and how to roll back", async () => {
    const { call, bad } = await brokenShop();
    const result = await call(
      "open_pr",
      proposal({ revert: bad }, { verify: "- error_ratio of promotions below 0.01\n- the alert resolves" }),
    );
    expect(bodyOf(result)).toBe(`# Go back

> **Draft by oncall-copilot** for incident \`HighErrorRate-20260301\`. It changes \`promotions\`. No person has reviewed this change: it must be read, tested and approved by one before it is merged.

## What

Reverts commit [\`${bad.slice(0, 12)}\`](<https://github.com/example/shop/commit/${bad}>) by Ada of 2026-03-01T09:40:00Z:

\`\`\`text
promotions: ask every time
\`\`\`

| file | added | removed |
|---|---|---|
| \`services/promotions/main.js\` | +1 | -1 |

## Why

1. The error ratio of promotions rose to 23 %.

   Evidence 1:

   \`\`\`text
   error_ratio 0.231
   \`\`\`

## Evidence

Each item was returned by a tool of this installation and its receipt was checked when this was opened.

| # | what | when | where | receipt |
|---|---|---|---|---|
| 1 | \`promotions error_ratio 0.231, usually 0.004, since 2026-03-01T09:44:00Z\` | \`2026-03-01T10:00:00.000Z\` | [open](<https://grafana.example.test/explore>) | \`${PROOF.id}\` |

## How to verify

- error\\_ratio of promotions below 0.01
- the alert resolves

## How to roll back

If it does not help, revert what brought it to \`main\` (a squash or a rebase gives it another commit) and let that deploy. Merged as the one commit it is, that is:

    git revert ${result.structured["commit"]}
`);
  });
});
