import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { DEPLOYMENT, environment, freshOut, oncall, PEAK, readReport, triage } from "./oncall.ts";

const run = promisify(execFile);

async function git(cwd: string, ...args: string[]): Promise<string> {
  return (await run("git", args, { cwd, maxBuffer: 16 * 1024 * 1024 })).stdout.trim();
}

describe("an alert three hops above its cause", () => {
  it("becomes a verified report, a draft pull request on a local fork, and an audit log", async () => {
    const { code, stdout, stderr, out, env } = await triage(DEPLOYMENT, { args: ["--engine", "rules"] });
    expect(code, stderr).toBe(0);
    expect((await readdir(out)).sort()).toEqual(
      expect.arrayContaining(["audit.jsonl", "pull-request.diff", "report.json", "report.md"]),
    );
    const report = await readReport(out);
    expect(report).toMatchObject({
      outcome: "root_cause_identified",
      family: "bad_deployment",
      service: "storefront",
      culprit: { name: "promotions" },
    });
    expect(report.pull_request?.state).toBe("opened");
    expect(report.cut).toEqual([]);
    expect(stdout).toContain("ROOT CAUSE IDENTIFIED");
    expect(stdout).toContain("Runbook, word for word");
    expect(stderr).toMatch(/^> metrics read_metrics /m);
    for (const text of [stdout, stderr]) expect(text).not.toContain("\u001b[");
    expect((await oncall(["verify", join(out, "report.json")], env)).code).toBe(0);
    expect((await oncall(["audit", "verify", join(out, "audit.jsonl")], env)).code).toBe(0);
  });

  it("is answered by one commit on the fork that undoes the deployment, while the upstream stays as it was", async () => {
    const { out } = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"] });
    const { pull_request: pr, fix } = await readReport(out);
    const forks = (await run("find", [join(out, "git"), "-name", "HEAD", "-path", "*fork*"])).stdout.trim().split("\n");
    const fork = forks[0]?.replace(/\/HEAD$/, "") ?? "";
    const base = await git(fork, "rev-parse", `${pr?.branch}^`);
    expect(await git(fork, "rev-list", "--count", `${base}..${pr?.branch}`)).toBe("1");
    // A clone of what the recording holds: the reverted file is what it was before the culprit.
    const clone = await mkdtemp(join(tmpdir(), "oncall-upstream-"));
    await git(clone, "clone", "--quiet", join(DEPLOYMENT, "repo.bundle"), "up", "-b", "main");
    const [file = ""] = (await git(fork, "diff", "--name-only", base, pr?.branch ?? "")).split("\n");
    const before = await git(join(clone, "up"), "show", `${fix.commit}^:${file}`);
    expect(await git(fork, "show", `${pr?.branch}:${file}`)).toBe(before);
    expect(await readFile(join(out, "pull-request.diff"), "utf8")).toContain(`+++ b/${file}`);
  });

  it("gives the same pull request when it is triaged again", async () => {
    const first = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"] });
    const again = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"], out: first.out });
    const report = await readReport(again.out);
    expect(report.pull_request?.state).toBe("exists");
    expect((await oncall(["audit", "verify", join(first.out, "audit.jsonl")], first.env)).stdout).toContain("holds");
  });

  it("is told the same by servers as child processes and in process", async () => {
    const [child, inside] = await Promise.all([
      triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"] }),
      triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet", "--transport", "in-process"] }),
    ]);
    const [a, b] = await Promise.all([child.out, inside.out].map(readReport));
    const comparable = (report: typeof a) => ({
      ...report,
      cost: null,
      evidence: report?.evidence.map(({ id }) => id).sort(),
      pull_request: report?.pull_request?.diff,
    });
    expect(comparable(b)).toEqual(comparable(a));
  });

  it("is printed as sealed JSON with --json", async () => {
    const { stdout, out } = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet", "--json"] });
    expect(stdout).toBe(await readFile(join(out, "report.json"), "utf8"));
  });
});

describe("a traffic peak", () => {
  it("is called no fault, and nothing is proposed", async () => {
    const { code, stdout, out } = await triage(PEAK, { args: ["--engine", "rules", "--quiet"] });
    expect(code).toBe(0);
    const report = await readReport(out);
    expect(report).toMatchObject({ family: "no_fault", culprit: null, fix: { kind: "none" }, pull_request: null });
    expect(stdout).toContain("NO FAULT FOUND");
    expect(await readdir(out)).not.toContain("pull-request.diff");
  });
});

describe("a folder that is used again", () => {
  it("does not keep the diff of an earlier triage beside a report that proposes nothing", async () => {
    const first = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"] });
    expect(await readdir(first.out)).toContain("pull-request.diff");
    await triage(PEAK, { args: ["--engine", "rules", "--quiet"], out: first.out });
    expect(await readdir(first.out)).not.toContain("pull-request.diff");
  });

  it("is refused when it cannot be written to", async () => {
    const file = join(await freshOut(), "taken");
    await writeFile(file, "");
    const { code, stderr } = await triage(PEAK, { args: ["--engine", "rules"], out: file });
    expect(code).toBe(2);
    expect(stderr).toContain("cannot be written to");
  });
});

describe("a report on disk", () => {
  it("fails verification when any byte is changed", async () => {
    const { out, env } = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"] });
    const text = await readFile(join(out, "report.json"), "utf8");
    const changes = [
      text.replace("promotions", "promotionz"),
      text.replace(/"text": "(.)/, '"text": "#'),
      text.replace(/(?<="seconds": )\d/, (digit) => `${(Number(digit) + 1) % 10}`),
      `${text} `,
      text.replace('"outcome": "root_cause_identified"', '"outcome": "likely_cause"'),
    ];
    for (const changed of changes) {
      expect(changed).not.toBe(text);
      const file = join(await freshOut(), "report.json");
      await writeFile(file, changed);
      const { code, stderr } = await oncall(["verify", file], env);
      expect(code).toBe(3);
      expect(stderr).toContain(file);
    }
  });

  it("does not verify under another installation's key", async () => {
    const { out } = await triage(PEAK, { args: ["--engine", "rules", "--quiet"] });
    const env = await environment({ ONCALL_EVIDENCE_KEY: "ab".repeat(32) });
    expect((await oncall(["verify", join(out, "report.json")], env)).code).toBe(3);
  });
});

describe("bad input", () => {
  it.each([
    [["triage", "/nowhere.json"], "cannot read /nowhere.json (ENOENT)"],
    [["triage", DEPLOYMENT], "is a folder; give the alert's JSON file"],
    [["triage", join(DEPLOYMENT, "catalog.yaml"), "--recording", DEPLOYMENT], "not JSON"],
    [["triage", join(DEPLOYMENT, "alert.json")], "set ONCALL_CATALOG"],
    [["triage", join(DEPLOYMENT, "alert.json"), "--recording", "/nowhere"], "/nowhere is not a folder"],
    [
      ["triage", join(DEPLOYMENT, "alert.json"), "--recording", DEPLOYMENT, "--engine", "gpt"],
      "--engine takes claude or rules",
    ],
    [
      ["triage", join(DEPLOYMENT, "alert.json"), "--recording", DEPLOYMENT, "--engine", "claude"],
      "needs ANTHROPIC_API_KEY",
    ],
    [["triage"], "usage: oncall triage ALERT.json"],
    [["tirage"], 'unknown command "tirage"'],
    [["verify", "/nowhere.json"], "cannot read /nowhere.json"],
    [["--frobnicate"], "frobnicate"],
  ])("%j ends with exit code 2 and says what is wrong", async (args, message) => {
    const { code, stderr, stdout } = await oncall(args, await environment(), await freshOut());
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
  });

  it("a resolved alert is nothing to triage", async () => {
    const file = join(await freshOut(), "alert.json");
    const body = JSON.parse(await readFile(join(DEPLOYMENT, "alert.json"), "utf8")) as {
      status: string;
      alerts: { status: string }[];
    };
    await writeFile(
      file,
      JSON.stringify({
        ...body,
        status: "resolved",
        alerts: body.alerts.map((alert) => ({ ...alert, status: "resolved" })),
      }),
    );
    const { code, stderr } = await oncall(
      ["triage", file, "--recording", DEPLOYMENT, "--out", await freshOut()],
      await environment(),
    );
    expect(code).toBe(0);
    expect(stderr).toContain("is resolved: there is nothing to triage");
  });
});
