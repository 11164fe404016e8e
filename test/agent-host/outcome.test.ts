import { type Claim, type Evidence, EvidenceKey, mintEvidence, parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import type { ToolCall } from "../../agent-host/src/tools/toolbox.ts";
import { kindsThatAgree, type OutcomeInput, settleOutcome } from "../../agent-host/src/verify/settle-outcome.ts";

const key = new EvidenceKey(Buffer.alloc(32, 5));
const catalog = await parseCatalog(
  "kind: Component\nmetadata: {name: pricing}\nspec: {}\n---\nkind: Component\nmetadata: {name: pricing-db}\nspec: {}\n",
  "catalog",
);
const item = (letter: string, text: string): Evidence =>
  mintEvidence(key, letter, { text, url: "u", at: "t", about: [], shows: [] });
const metrics = item("m", "pricing (service)\nerror_ratio turned up");
const logs = item("l", "pricing error log\nboom");
const changes = item("g", "pricing: commit abc");
const history = item("h", "storefront\npricing: cache dropped 3 of 9");
const runbook = item("r", "pricing runbook");
const other = item("l", "pricing-db error log\nboom");
const all = new Map([metrics, logs, changes, history, runbook, other].map((one) => [one.id, one]));
const cites = (...items: Evidence[]): Claim => ({
  text: "it broke",
  supports: items.map(({ id, text }) => ({ id, quote: text.split("\n").at(-1) ?? "" })),
  contradicts: [],
});
const answered = (server: string, outcome: ToolCall["outcome"] = "found"): ToolCall => ({
  sequence: 1, server, tool: "t", arguments: {}, outcome, reason: null, text: "", structured: {}, seconds: 0,
}); // biome-ignore format: one line is enough
const seeing = ["metrics", "logs", "git"].map((server) => answered(server));
const input = (claim: Claim | null, more: Partial<OutcomeInput> = {}): OutcomeInput => ({
  family: "bad_deployment", culprit: catalog.get("pricing"), service: "pricing", diagnosis: claim, claims: claim ? [claim] : [], evidence: all, calls: seeing, ...more,
}); // biome-ignore format: one line is enough

describe("the kinds of evidence that agree on a culprit", () => {
  it("are those that name it in the quote or the first line, runbooks aside", () => {
    expect(kindsThatAgree("pricing", [cites(metrics, logs, changes, runbook)], all)).toEqual([
      "metrics",
      "logs",
      "changes",
    ]);
  });

  it("do not count another service whose name merely begins the same", () => {
    expect(kindsThatAgree("pricing", [cites(other)], all)).toEqual([]);
  });
});

describe("an outcome is", () => {
  it("identified, with high confidence, when three kinds agree", () => {
    expect(settleOutcome(input(cites(metrics, logs, changes)))).toMatchObject({
      outcome: "root_cause_identified",
      confidence: { level: "high", agreeing: ["metrics", "logs", "changes"] },
    });
  });

  it("likely when two kinds agree", () => {
    expect(settleOutcome(input(cites(metrics, changes)))).toMatchObject({
      outcome: "likely_cause",
      confidence: { level: "medium" },
    });
  });

  it("less confident when nothing measures the culprit, since its figures might speak against it", () => {
    const missing = (...names: string[]) => ({ ...answered("metrics"), structured: { missing: names } });
    const settled = (metricsCall: ToolCall) =>
      settleOutcome(input(cites(logs, changes, history), { calls: [metricsCall, answered("logs"), answered("git")] }));
    expect(settled(missing("pricing"))).toMatchObject({
      outcome: "root_cause_identified",
      confidence: { level: "medium", why: expect.stringContaining("nothing measures pricing") },
    });
    expect(settled(missing("pricing-db")).confidence.level).toBe("high");
  });

  it("inconclusive when one kind speaks alone", () => {
    expect(settleOutcome(input(cites(metrics)))).toMatchObject({
      outcome: "inconclusive",
      confidence: { level: "low" },
    });
  });

  it("inconclusive when no diagnosis held", () => {
    expect(settleOutcome(input(null))).toMatchObject({ outcome: "inconclusive", confidence: { level: "none" } });
  });

  it("likely at most when something speaks against it", () => {
    const claim = { ...cites(metrics, logs, changes), contradicts: [{ id: other.id, quote: "boom" }] };
    expect(settleOutcome(input(claim))).toMatchObject({
      outcome: "likely_cause",
      confidence: { level: "medium", why: expect.stringContaining("against") },
    });
  });

  it("less certain when a witness could not be asked, since that is a gap", () => {
    const calls = [answered("metrics"), answered("git"), answered("logs", "could_not_look")];
    const settled = settleOutcome(input(cites(metrics, changes), { calls }));
    expect(settled).toMatchObject({
      outcome: "likely_cause",
      confidence: { level: "low", why: expect.stringContaining("logs could not be seen") },
    });
  });

  it("blocked when none of metrics, logs and changes could be seen", () => {
    const calls = ["metrics", "logs", "git"].map((server) => answered(server, "could_not_look"));
    expect(settleOutcome(input(cites(metrics, logs, changes), { calls }))).toMatchObject({ outcome: "blocked" });
  });

  it("not a bad deployment when no cited evidence shows the deployment", () => {
    const past = item("h", "pricing incidents");
    const settled = settleOutcome(input(cites(metrics, logs, past), { evidence: new Map([...all, [past.id, past]]) }));
    expect(settled.outcome).toBe("likely_cause");
  });
});
