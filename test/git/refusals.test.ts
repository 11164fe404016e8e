import { readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "@oncall-copilot/core";
import { EvidenceKey, mintEvidence } from "@oncall-copilot/core";
import { afterAll, describe, expect, it } from "vitest";
import { LocalFork } from "../../servers/git/src/stores/local-fork.ts";
import { LocalRepository } from "../../servers/git/src/stores/local-repository.ts";
import { at, cleanupRecordings } from "../support/recording.ts";
import { brokenShop, edit, messageOf, PROOF, proposal, REASONS, type Shop } from "./proposal.ts";
import { cleanup, fingerprint, git, serveRecording, shopComponent, shopRepo, tempDir } from "./support.ts";

afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

/** One shop for all that is refused before anything is written. */
let plain: Promise<Shop> | undefined;
const plainShop = () => {
  plain ??= brokenShop();
  return plain;
};

const MORE_REPLICAS = [edit("deploy/promotions.yaml", "replicas: 2", "replicas: 3")];

describe("reasons", () => {
  const forger = new EvidenceKey(Buffer.alloc(32, 8));
  const forged = mintEvidence(forger, "m", { text: PROOF.text, url: PROOF.url, at: PROOF.at, about: [], shows: [] });
  const cites = (item: Evidence, quote = "error_ratio 0.231") => [
    { text: "The error ratio of promotions rose to 23 %.", citations: [{ id: item.id, quote }] },
  ];

  it.each([
    ["no evidence", { evidence: [] }, "(no_evidence): evidence is empty"],
    ["no claims", { claims: [] }, "(no_evidence): claims is empty"],
    [
      "evidence with a changed text",
      { evidence: [{ ...PROOF, text: `${PROOF.text}!` }] },
      "(evidence_does_not_verify)",
    ],
    [
      "evidence with a changed url",
      { evidence: [{ ...PROOF, url: "https://evil.example.test" }] },
      "(evidence_does_not_verify)",
    ],
    [
      "evidence with a changed time",
      { evidence: [{ ...PROOF, at: "2026-03-01T10:00:01.000Z" }] },
      "(evidence_does_not_verify)",
    ],
    ["evidence of another installation", { evidence: [forged], claims: cites(forged) }, "(evidence_does_not_verify)"],
    [
      "one forged item besides a good one",
      { evidence: [PROOF, forged] },
      `(evidence_does_not_verify): no tool of this installation returned ${forged.id}`,
    ],
    ["a fabricated quote", { claims: cites(PROOF, "error_ratio 0.9") }, "(claim_does_not_hold)"],
    [
      "an altered number",
      { claims: [{ text: "The error ratio rose to 32 %.", citations: REASONS.claims[0]?.citations }] },
      "these figures stand in no quote it cites: 32",
    ],
    [
      "a claim without citations",
      { claims: [{ text: "It is promotions.", citations: [] }] },
      "no citation that supports it holds",
    ],
    [
      "a citation of unknown evidence",
      { claims: cites({ ...PROOF, id: `m${"A".repeat(16)}` }) },
      "no tool returned evidence with this id",
    ],
    [
      "one claim that holds and one that does not",
      { claims: [...REASONS.claims, { text: "It is 9.", citations: [] }] },
      "(claim_does_not_hold)",
    ],
  ])("refuses %s", async (_what, spoilt, message) => {
    const { call, bad, workdir } = await plainShop();
    const result = await call("open_pr", proposal({ revert: bad }, spoilt));
    expect(result.structured["outcome"]).toBe("bad_request");
    expect(messageOf(result)).toContain(message);
    expect(readdirSync(workdir)).not.toContain("forks");
  });

  it("takes a name with a digit in it as a name, when the catalog has it", async () => {
    const repo = shopRepo();
    const catalog = [shopComponent("promotions", ["component:default/pool2"]), shopComponent("pool2", [])];
    const { call } = await serveRecording(repo, { catalog });
    const claims = [
      { text: "The error ratio behind pool2 rose.", citations: [{ id: PROOF.id, quote: "error_ratio 0.231" }] },
    ];
    expect((await call("open_pr", proposal({ edits: MORE_REPLICAS }, { claims }))).structured["state"]).toBe("opened");
  });
});

describe("what the fix is", () => {
  it.each([
    ["neither revert nor edits", () => ({}), "(no_fix)"],
    ["both", (bad: string) => ({ revert: bad, edits: MORE_REPLICAS }), "(no_fix)"],
    [
      "an abbreviated commit",
      (bad: string) => ({ revert: bad.slice(0, 12) }),
      "(unknown_commit): revert takes a full commit id",
    ],
    ["a name in place of a commit", () => ({ revert: "main" }), "(unknown_commit)"],
    ["an option in place of a commit", () => ({ revert: "--exec=touch /tmp/x" }), "(unknown_commit)"],
    ["a commit that the upstream does not have", () => ({ revert: "d".repeat(40) }), "(unknown_commit)"],
    [
      "edits that change nothing",
      () => ({ edits: [edit("deploy/promotions.yaml", "replicas: 2", "replicas: 2")] }),
      "(changes_nothing)",
    ],
    ["an unknown service", () => ({ service: "promotion", edits: MORE_REPLICAS }), "did you mean promotions"],
    [
      "a repository of the caller's choice",
      () => ({ repository: "https://evil.example.test", edits: MORE_REPLICAS }),
      'unknown argument "repository"',
    ],
    ["a branch of the caller's choice", () => ({ branch: "main", edits: MORE_REPLICAS }), 'unknown argument "branch"'],
  ])("refuses %s", async (_what, fix, message) => {
    const { call, bad } = await plainShop();
    const result = await call("open_pr", proposal(fix(bad)));
    expect(result.structured["outcome"]).toBe("bad_request");
    expect(messageOf(result)).toContain(message);
  });

  it("refuses a commit that is later than the as-of, on another branch, or the very first", async () => {
    let [later, aside] = ["", ""];
    const { call, repo } = await brokenShop((shop) => {
      shop.switch("aside", true);
      aside = shop.edit("services/promotions/main.js", "8 = 8", "8 = 9").commit({ minutes: -10 });
      shop.switch("main");
      later = shop.edit("services/promotions/main.js", "9 = 9", "9 = 10").commit({ minutes: 30 });
    });
    for (const revert of [later, aside]) {
      expect(messageOf(await call("open_pr", proposal({ revert })))).toContain("(unknown_commit)");
    }
    const first = git(repo.dir, ["rev-list", "--max-parents=0", "HEAD"]);
    expect(messageOf(await call("open_pr", proposal({ revert: first })))).toContain("(cannot_revert)");
  });
});

describe("paths", () => {
  it.each([
    ["services/pricing/main.js", "(outside_service)"],
    ["lib/pool.js", "(outside_service)"],
    ["services/promotions/../pricing/main.js", "(outside_service)"],
    ["/etc/passwd", "(outside_service)"],
    ["services/promotions/./main.js", "(outside_service)"],
    ["services//promotions/main.js", "(outside_service)"],
    ["services\\promotions\\main.js", "(outside_service)"],
    ["services/promotions/main.js\u200b", "(outside_service)"],
    ["services/promotions/a\nb", "(outside_service)"],
    ["services/promotions/.git/config", "(runs_code_on_merge)"],
    ["services/promotions/.GitHub/workflows/ci.yml", "(runs_code_on_merge)"],
    ["services/promotions/CODEOWNERS", "(runs_code_on_merge)"],
    ["services/promotions/.husky/pre-commit", "(runs_code_on_merge)"],
    ["services/promotions/Jenkinsfile", "(runs_code_on_merge)"],
    ["services/promotions/AGENTS.md", "(runs_code_on_merge)"],
    ["services/promotions/package.json", "(runs_code_on_merge)"],
    ["services/promotions/logo.png", "(not_a_service_file)"],
    ["services/promotions/.gitattributes", "(runs_code_on_merge)"],
    [".github/workflows/ci.yml", "(runs_code_on_merge)"],
  ])("refuses edits of %j", async (path, message) => {
    const { call } = await plainShop();
    const result = await call("open_pr", proposal({ edits: [edit(path, "a", "b")] }));
    expect(messageOf(result)).toContain(message);
  });

  it("refuses a revert that touches another service's files besides its own, naming them", async () => {
    let sha = "";
    const { call } = await brokenShop((repo) => {
      repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").edit("services/promotions/main.js", "1 = 1", "1 = 2");
      sha = repo.commit({ minutes: -10 });
    });
    const result = await call("open_pr", proposal({ revert: sha }));
    expect(messageOf(result)).toContain(
      "(outside_service): services/pricing/main.js is outside the paths of promotions (services/promotions/**",
    );
  });

  it("refuses a revert that touches a workflow, even where the service owns everything", async () => {
    const repo = shopRepo();
    const sha = repo.write(".github/workflows/ci.yml", "on: push\n").commit({ minutes: -10 });
    const catalog = [shopComponent("promotions", [], { "oncall/paths": "**" })];
    const { call } = await serveRecording(repo, { catalog });
    expect(messageOf(await call("open_pr", proposal({ revert: sha })))).toContain("(runs_code_on_merge)");
  });

  it("refuses symbolic links, in edits and in reverts", async () => {
    let sha = "";
    const { call } = await brokenShop((repo) => {
      symlinkSync("../../deploy/pricing.yaml", join(repo.dir, "services/promotions/link.yaml"));
      sha = repo.commit({ minutes: -10 });
    });
    const edited = await call("open_pr", proposal({ edits: [edit("services/promotions/link.yaml", "deploy", "x")] }));
    expect(messageOf(edited)).toContain("(not_a_plain_file)");
    expect(messageOf(await call("open_pr", proposal({ revert: sha })))).toContain("(not_a_plain_file)");
  });

  it("refuses a revert that touches a file whose name is not UTF-8", async () => {
    let sha = "";
    const { call } = await brokenShop((repo) => {
      const name = Buffer.concat([Buffer.from(`${repo.dir}/services/promotions/`), Buffer.from([0xff, 0xfe])]);
      writeFileSync(name, "1\n");
      sha = repo.commit({ minutes: -10 });
    });
    expect(messageOf(await call("open_pr", proposal({ revert: sha })))).toContain("is not UTF-8");
  });
});

describe("size", () => {
  it.each([
    [{ ONCALL_GIT_MOST_FILES: "1" }, "2 files change, more than 1 (ONCALL_GIT_MOST_FILES)"],
    [{ ONCALL_GIT_MOST_LINES: "3" }, "4 lines change, more than 3 (ONCALL_GIT_MOST_LINES)"],
    [{ ONCALL_GIT_MOST_BYTES: "300" }, "bytes, more than 300 (ONCALL_GIT_MOST_BYTES)"],
  ])("refuses what is above %j", async (env, message) => {
    const { call } = await brokenShop(() => {}, env);
    const edits = [...MORE_REPLICAS, edit("services/promotions/main.js", "promotions7 = 7", "promotions7 = 8")];
    const result = await call("open_pr", proposal({ edits }));
    expect(messageOf(result)).toContain("(too_large)");
    expect(messageOf(result)).toContain(message);
  });

  it("refuses to revert a commit of a thousand files without reading them", async () => {
    let sha = "";
    const { call } = await brokenShop((repo) => {
      for (let i = 0; i < 1_000; i++) repo.write(`services/promotions/data/${i}.txt`, `${i}\n`);
      sha = repo.commit({ minutes: -10 });
    });
    expect(messageOf(await call("open_pr", proposal({ revert: sha })))).toContain("1000 files change, more than 20");
  });

  it("refuses binary files", async () => {
    let sha = "";
    const { call } = await brokenShop((repo) => {
      sha = repo.write("services/promotions/logo.js", Buffer.from([1, 0, 2])).commit({ minutes: -10 });
    });
    expect(messageOf(await call("open_pr", proposal({ revert: sha })))).toContain("(not_a_plain_file)");
  });
});

describe("content", () => {
  // Put together here, so that no scanner takes this file for a leak.
  const token = ["ghp", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"].join("_");

  it("refuses a secret in an edit, without repeating it", async () => {
    const { call } = await brokenShop();
    const edits = [edit("services/promotions/main.js", "promotions7 = 7;", `promotions7 = "${token}";`)];
    const result = await call("open_pr", proposal({ edits }));
    expect(messageOf(result)).toMatch(
      /\(holds_secret\): the lines added to services\/promotions\/main.js hold what looks like [a-z-]+/,
    );
    expect(JSON.stringify(result)).not.toContain(token);
  });

  it("refuses a revert that brings a secret back", async () => {
    let sha = "";
    const { call } = await brokenShop((repo) => {
      repo.write("services/promotions/key.js", `export const token = "${token}";\n`).commit({ minutes: -40 });
      sha = repo
        .write("services/promotions/key.js", "export const token = process.env.TOKEN;\n")
        .commit({ minutes: -10 });
    });
    expect(messageOf(await call("open_pr", proposal({ revert: sha })))).toContain("(holds_secret)");
  });

  it("refuses a secret that only the unchanged line above gives away", async () => {
    const { call } = await brokenShop((repo) => {
      repo
        .write("services/promotions/secret.yaml", "kind: Secret\ndata:\n  key: placeholder\n")
        .commit({ minutes: -40 });
    });
    const edits = [
      edit("services/promotions/secret.yaml", "  key: placeholder\n", "  key: placeholder\n  other: aHVudGVyMg==\n"),
    ];
    expect(messageOf(await call("open_pr", proposal({ edits })))).toContain("(holds_secret)");
  });

  it("lets an e-mail address and an untouched secret beside the change be", async () => {
    const { call } = await brokenShop((repo) => {
      repo
        .write("services/promotions/old.js", `const old = "${token}";\n${"\n".repeat(9)}const a = 1;\n`)
        .commit({ minutes: -40 });
    });
    const edits = [edit("services/promotions/old.js", "const a = 1;", "const a = 2; // ask dana@northwind.example")];
    const result = await call("open_pr", proposal({ edits }));
    expect(result.structured["state"]).toBe("opened");
    expect(JSON.stringify(result)).not.toContain(token);
  });

  it.each([
    ["services/promotions/a.yaml", "a:\n  b: 1\n", "b: 1", "b: [1"],
    ["services/promotions/a.yml", "a: 1\n---\nb: 2\n", "b: 2", "b: 2\n c: 3\nb: 4"],
    ["services/promotions/a.json", '{"a": 1}\n', "1}", "1,}"],
    ["services/promotions/main.tf", 'variable "a" {\n  default = 1\n}\n', "default = 1\n}", "default = 1\n"],
  ])("refuses %s that no longer parses", async (path, content, from, to) => {
    const { call } = await brokenShop((repo) => {
      repo.write(path, content).commit({ minutes: -40 });
    });
    const broken = await call("open_pr", proposal({ edits: [edit(path, from, to)] }));
    expect(messageOf(broken)).toContain(`(does_not_parse): ${path} would no longer parse: `);
    const fine = await call("open_pr", proposal({ edits: [edit(path, "1", "11")] }));
    expect(fine.structured["state"]).toBe("opened");
  });

  it("leaves a template that never parsed to its reviewer", async () => {
    const path = "services/promotions/templates/a.yaml";
    const { call } = await brokenShop((repo) => {
      repo.write(path, "a: {{ .Values.a }}\n{{- if .b }}\nc: 1\n{{- end }}\n").commit({ minutes: -40 });
    });
    expect((await call("open_pr", proposal({ edits: [edit(path, "c: 1", "c: 2")] }))).structured["state"]).toBe(
      "opened",
    );
  });
});

describe("a fork that could write to the upstream", () => {
  async function withFork(make: (upstream: string) => string) {
    const repo = shopRepo();
    const workdir = tempDir();
    const fork = make(repo.dir);
    const { call } = await serveRecording(repo, {
      env: { ONCALL_GIT_UPSTREAM: repo.dir, ONCALL_GIT_FORK: fork, ONCALL_GIT_WORKDIR: workdir },
    });
    return call("open_pr", proposal({ edits: MORE_REPLICAS }));
  }
  const bare = () => {
    const dir = join(tempDir(), "fork.git");
    git(".", ["init", "--quiet", "--bare", dir]);
    return dir;
  };

  it.each<[string, (upstream: string) => string]>([
    ["is the upstream", (upstream) => upstream],
    ["is the upstream's .git", (upstream) => join(upstream, ".git")],
    ["lies inside the upstream's .git", (upstream) => join(upstream, ".git", "fork.git")],
    [
      "is a link to the upstream",
      (upstream) => {
        const link = join(tempDir(), "link");
        symlinkSync(upstream, link);
        return link;
      },
    ],
    [
      "is another work tree of the upstream",
      (upstream) => {
        const tree = join(tempDir(), "tree");
        git(upstream, ["worktree", "add", "--quiet", "--detach", tree]);
        return tree;
      },
    ],
    [
      "shares the upstream's objects by alternates",
      (upstream) => {
        const dir = join(tempDir(), "fork.git");
        git(".", ["clone", "--quiet", "--bare", "--shared", upstream, dir]);
        git(dir, ["remote", "remove", "origin"]);
        return dir;
      },
    ],
    [
      "shares its objects by a link",
      (upstream) => {
        const dir = join(tempDir(), "fork.git");
        git(".", ["init", "--quiet", "--bare", dir]);
        rmAndLink(join(dir, "objects"), join(upstream, ".git", "objects"));
        return dir;
      },
    ],
    [
      "has the upstream as a remote",
      (upstream) => {
        const dir = bare();
        git(dir, ["remote", "add", "upstream", upstream]);
        return dir;
      },
    ],
    [
      "has the upstream as a remote by a file URL",
      (upstream) => {
        const dir = bare();
        git(dir, ["remote", "add", "upstream", `file://${upstream}/.git`]);
        return dir;
      },
    ],
    [
      "reaches the upstream by pushInsteadOf",
      (upstream) => {
        const dir = bare();
        git(dir, ["remote", "add", "elsewhere", "https://example.test/x.git"]);
        git(dir, ["config", `url.${upstream}.pushInsteadOf`, "https://example.test/x.git"]);
        return dir;
      },
    ],
  ])("is refused when it %s", async (_what, make) => {
    const result = await withFork(make);
    expect(messageOf(result)).toContain("open_pr refuses (could_write_upstream)");
  });

  it("is refused when it became the upstream after it was looked at", async () => {
    const repo = shopRepo();
    const { signal } = new AbortController();
    const place = { gitDir: join(repo.dir, ".git"), id: "x", name: "x", branch: "main" };
    const upstream = new LocalRepository({ ...place, now: () => Date.parse(at(5)), url: (what) => what });
    const path = join(tempDir(), "fork.git");
    const fork = new LocalFork(path, upstream);
    await fork.check(signal);
    symlinkSync(join(repo.dir, ".git"), path);
    const before = fingerprint(repo.dir);
    const words = { branch: "oncall/x", title: "x", message: "x", body: () => "x", diff: "" };
    const files = [{ path: "a", before: undefined, after: { content: Buffer.from("x\n"), mode: "100644" as const } }];
    const opening = fork.open({ ...words, base: repo.head(), at: Date.parse(at(5)), files }, signal);
    await expect(opening).rejects.toThrow("open_pr refuses (could_write_upstream)");
    expect(fingerprint(repo.dir)).toBe(before);
  });

  it("is fine with the upstream as a remote that cannot be pushed to", async () => {
    const result = await withFork((upstream) => {
      const dir = bare();
      git(dir, ["remote", "add", "upstream", upstream]);
      git(dir, ["remote", "set-url", "--push", "upstream", "no_push"]);
      return dir;
    });
    expect(result.structured["state"]).toBe("opened");
  });

  it("is told from a folder that is no repository, without naming the folder", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "file"), "");
    const result = await withFork(() => folder);
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "not_configured" });
    expect(messageOf(result)).toContain("ONCALL_GIT_FORK");
    expect(messageOf(result)).not.toContain(folder);
  });
});

function rmAndLink(path: string, target: string): void {
  rmSync(path, { recursive: true });
  symlinkSync(target, path);
}
