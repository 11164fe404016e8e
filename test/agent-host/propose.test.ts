import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Report, Report as ReportSchema } from "@oncall-copilot/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { propose } from "../../agent-host/src/propose/propose.ts";
import type { Toolbox } from "../../agent-host/src/tools/toolbox.ts";

const report: Report = ReportSchema.parse({
  schema_version: 3,
  incident: {
    id: "i", fingerprint: "f", source: "alertmanager", status: "firing", alert: "Slow", service: "cart", severity: null,
    summary: "", description: "", started_at: "2026-03-01T10:00:00.000Z", labels: {}, annotations: {}, url: null,
    related: [], notes: [],
  },
  service: "cart",
  as_of: "2026-03-01T10:05:00.000Z",
  engine: { name: "rules", model: null, note: null, complete: true, instead_of: null },
  outcome: "likely_cause",
  confidence: { level: "medium", agreeing: [], why: "" },
  family: "bad_deployment",
  culprit: null,
  diagnosis: null,
  claims: [],
  ruled_out: [],
  suspects: [],
  candidates: [],
  also_found: [],
  known: { owner: null, turned: [], deployed: [] },
  settled: { final: true, next_look_at: null, would_decide: [] },
  runbook: null,
  similar: [],
  fix: { kind: "revert", service: "cart", commit: "a".repeat(40), edits: [], title: "Revert", why: "", verify: "" },
  pull_request: null,
  gaps: [],
  cut: [],
  vocabulary: [],
  evidence: [],
  cost: { tool_calls: 0, input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, seconds: 0 },
}); // biome-ignore format: one thought a line

/** A toolbox whose git server opened a pull request with this diff, the whole of which it says lies in `path`. */
function opened(diff: string, path: string, more: object = {}): Toolbox {
  const told = { outcome: "found", url: "u", branch: "b", commit: "c", state: "opened", diff, diff_path: path };
  const structured = { ...told, ...more };
  return {
    tools: [],
    gaps: [],
    calls: [],
    evidence: new Map(),
    call: async (tool, args) => ({
      sequence: 1, server: "git", tool, arguments: args, outcome: "found", reason: null, text: "", structured, seconds: 0,
    }), // biome-ignore format: one thought a line
  };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-propose-"));
});
afterAll(() => rm(folder, { recursive: true }));

const diffAfter = async (sent: string, path: string) =>
  (await propose(report, opened(sent, path), new AbortController().signal)).pull_request?.diff;

const head = "diff --git a/x b/x\n--- a/x\n+++ b/x\n";

describe("a pull request that people have decided on before", () => {
  const gapsAfter = async (more: object) =>
    (await propose(report, opened(head, "", more), new AbortController().signal)).gaps.map(({ why }) => why);

  it.each(["closed", "merged"])("is told to have been %s, and not to wait for a review", async (status) => {
    const [why, ...others] = await gapsAfter({ state: "exists", status });
    expect(why).toContain(`which people have ${status}; no other is opened`);
    expect(others).toEqual([]);
  });

  it("is no gap while it waits", async () => {
    expect(await gapsAfter({ state: "exists", status: "draft" })).toEqual([]);
    expect(await gapsAfter({})).toEqual([]);
  });
});

describe("the diff in a report", () => {
  it("is whole when the git server sent its beginning and keeps the rest on this machine", async () => {
    const path = join(folder, "pull-request.diff");
    await writeFile(path, `${head}-one\n+two\n`);
    expect(await diffAfter(head, path)).toBe(`${head}-one\n+two\n`);
  });

  it("is what was sent when the file is another one", async () => {
    const path = join(folder, "pull-request.diff");
    await writeFile(path, "the evidence key, or whatever else lies on this machine\n");
    expect(await diffAfter(head, path)).toBe(head);
  });

  it.each(["evidence.key", "nothing-there"])("never comes from %s, whatever was sent", async (name) => {
    const path = join(folder, name);
    await writeFile(join(folder, "evidence.key"), `${head}0123456789abcdef\n`);
    expect(await diffAfter(head, path)).toBe(head);
    expect(await diffAfter("\n", path)).toBe("\n");
  });

  it("never comes through a link, nor from a file that has no end", async () => {
    const path = join(await mkdtemp(join(folder, "link-")), "pull-request.diff");
    await symlink("/dev/zero", path);
    expect(await diffAfter(head, path)).toBe(head);
    expect(await diffAfter(head, "/dev/zero")).toBe(head);
  });

  it("is redacted like everything else that a tool returned", async () => {
    const path = join(folder, "pull-request.diff");
    await writeFile(path, `${head}-password: "correct-horse-battery"\n`);
    expect(await diffAfter(head, path)).toContain("[redacted:");
  });
});

describe("a refusal to open a pull request", () => {
  it("is told even when it gives no readable reason", async () => {
    const toolbox = opened(head, "");
    const call: Toolbox["call"] = async (...asked) => ({
      ...(await toolbox.call(...asked)),
      outcome: "bad_request",
      structured: { outcome: "bad_request", message: { toString: 1 } },
    });
    const { cut } = await propose(report, { ...toolbox, call }, new AbortController().signal);
    expect(cut).toHaveLength(1);
  });
});
