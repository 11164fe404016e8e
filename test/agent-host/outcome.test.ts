import {
  type Candidate,
  type Claim,
  type Evidence,
  EvidenceKey,
  type Mark,
  mintEvidence,
  parseCatalog,
} from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import type { ToolCall } from "../../agent-host/src/tools/toolbox.ts";
import { type OutcomeInput, settleOutcome } from "../../agent-host/src/verify/settle-outcome.ts";

const key = new EvidenceKey(Buffer.alloc(32, 5));
const catalog = await parseCatalog(
  "kind: Component\nmetadata: {name: pricing}\nspec: {}\n---\nkind: Component\nmetadata: {name: pricing-db}\nspec: {}\n",
  "catalog",
);
const PAGE = Date.parse("2026-03-01T10:00:00Z");
const at = (clock: string) => Date.parse(`2026-03-01T${clock}Z`);
const item = (letter: string, about: string, text: string, ...shows: Mark[]): Evidence =>
  mintEvidence(key, letter, { text, url: "u", at: "t", about: [about], shows });
const metrics = item("m", "pricing", "error_ratio turned up", {
  shows: "unusual",
  of: "error_ratio",
  from: at("09:57:30"),
});
const logs = item("l", "pricing", "boom at last", { shows: "failing", of: "new", from: at("09:57:40") });
const changes = item("g", "pricing", "commit abc", { shows: "change", of: "abc", from: at("09:57:00") });
const history = item("h", "pricing", "cache dropped 3 of 9", { shows: "past" });
const runbook = item("r", "pricing", "pricing runbook", { shows: "words" });
const other = item("l", "pricing-db", "boom at last", { shows: "failing", of: "new", from: at("09:57:40") });
const known = (...items: Evidence[]) => new Map(items.map((one) => [one.id, one]));
const all = known(metrics, logs, changes, history, runbook, other);
const cites = (...items: Evidence[]): Claim => ({
  text: "it broke",
  supports: items.map(({ id, text }) => ({ id, quote: text })),
  contradicts: [],
});
const answered = (server: string, outcome: ToolCall["outcome"] = "found"): ToolCall => ({
  sequence: 1, server, tool: "t", arguments: {}, outcome, reason: null, text: "", structured: {}, seconds: 0,
}); // biome-ignore format: one line is enough
const seeing = ["metrics", "logs", "git"].map((server) => answered(server));
const input = (claim: Claim | null, more: Partial<OutcomeInput> = {}): OutcomeInput => ({
  family: "bad_deployment", culprit: catalog.get("pricing"), callers: ["storefront"], service: "pricing", page: PAGE, diagnosis: claim, claims: claim ? [claim] : [], candidates: [], evidence: all, calls: seeing, ...more,
}); // biome-ignore format: one line is enough
const agreeing = (...items: Evidence[]) =>
  settleOutcome(input(cites(...items), { evidence: known(...items) })).confidence.agreeing;

describe("a kind of evidence agrees on a culprit", () => {
  it("by what its cited items show about it, runbooks aside", () => {
    expect(agreeing(metrics, logs, changes, runbook)).toEqual(["metrics", "logs", "changes"]);
  });

  it("not when it speaks of another whose name merely begins the same", () => {
    expect(agreeing(other)).toEqual([]);
  });

  it("not by figures that are as usual, better than usual, or traffic alone", () => {
    const usual = item("m", "pricing", "error_ratio 0", { shows: "usual", of: "error_ratio" });
    const better = item("m", "pricing", "error_ratio 0", { shows: "unusual", better: true });
    const traffic = item("m", "pricing", "requests 9", { shows: "unusual", load: true });
    for (const one of [usual, better, traffic]) expect(agreeing(one)).toEqual([]);
  });

  it("not when its trouble was over before the page, unless what was done made it so", () => {
    const over = item("m", "pricing", "error_ratio up", { shows: "unusual", from: at("09:40:00"), to: at("09:50:00") });
    const rolledBack = item("g", "pricing", "rolled back", { shows: "change", of: "def", from: at("09:49:00") });
    expect(agreeing(over)).toEqual([]);
    expect(agreeing(over, rolledBack)).toContain("metrics");
  });

  it("not by a steady pattern, nor by a burst that was over", () => {
    const steady = item("l", "pricing", "boom as ever", { shows: "usual", of: "steady" });
    const burst = item("l", "pricing", "boom boom", { shows: "failing", from: at("09:30:00"), to: at("09:40:00") });
    for (const one of [steady, burst]) expect(agreeing(one)).toEqual([]);
  });

  it("not by a change that went live after it turned, or that is not live", () => {
    const later = item("g", "pricing", "commit abc", { shows: "change", of: "abc", from: at("09:59:30") });
    const never = item("g", "pricing", "commit abc", { shows: "change", of: "abc" });
    for (const one of [later, never]) expect(agreeing(metrics, one)).toEqual(["metrics"]);
  });

  it("by how its callers fare and what they name, when it has no series of its own", () => {
    const caller = item("m", "storefront", "error_ratio turned up", { shows: "unusual", from: at("09:57:30") });
    const named = item("l", "storefront", "PaymentError: refused", { shows: "failing", peers: ["pricing"] });
    expect(agreeing(caller, named)).toEqual(["metrics", "logs"]);
    const own = item("m", "pricing", "error_ratio 0", { shows: "usual" });
    expect(agreeing(caller, own)).toEqual([]);
  });

  it("by the lines that are quoted, and not by the others of the same item", () => {
    const both = item(
      "m",
      "pricing",
      "pricing\nerror_ratio 0.2\nlatency 0.1",
      { shows: "unusual", of: "error_ratio", lines: { first: 2, last: 2 } },
      { shows: "usual", of: "latency", lines: { first: 3, last: 3 } },
    );
    const quoting = (quote: string) =>
      settleOutcome(
        input({ text: "x", supports: [{ id: both.id, quote }], contradicts: [] }, { evidence: known(both) }),
      );
    expect(quoting("error_ratio 0.2").confidence.agreeing).toEqual(["metrics"]);
    expect(quoting("latency 0.1").confidence.agreeing).toEqual([]);
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
    const items = [logs, changes, history];
    expect(settleOutcome(input(cites(...items), { evidence: known(...items) }))).toMatchObject({
      outcome: "root_cause_identified",
      confidence: { level: "medium", why: expect.stringContaining("nothing measures pricing") },
    });
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

  it("likely at most when the culprit's own usual figures are quoted against it", () => {
    const usual = item("m", "pricing", "latency as ever", { shows: "usual", of: "latency" });
    const claim = { ...cites(metrics, logs, changes), contradicts: [{ id: usual.id, quote: usual.text }] };
    expect(settleOutcome(input(claim, { evidence: known(...all.values(), usual) }))).toMatchObject({
      outcome: "likely_cause",
      confidence: { level: "medium", why: expect.stringContaining("speak against it") },
    });
  });

  it("no less certain for a quote against it that clears nobody", () => {
    const claim = { ...cites(metrics, logs, changes), contradicts: [{ id: other.id, quote: other.text }] };
    expect(settleOutcome(input(claim)).confidence.level).toBe("high");
  });

  it("inconclusive when all that is cited of the culprit's own figures is as usual", () => {
    const usual = item("m", "pricing", "error_ratio 0", { shows: "usual", of: "error_ratio" });
    const settled = settleOutcome(input(cites(usual, logs, changes), { evidence: known(usual, logs, changes) }));
    expect(settled).toMatchObject({ outcome: "inconclusive", confidence: { level: "low" } });
  });

  it("not lowered by a kind that could not be seen, when the others agree; that it could not is said", () => {
    const calls = [answered("metrics"), answered("git"), answered("logs", "could_not_look")];
    expect(settleOutcome(input(cites(metrics, changes), { calls }))).toMatchObject({
      outcome: "likely_cause",
      confidence: { level: "medium", why: expect.stringContaining("logs could not be seen") },
    });
  });

  it("likely at most while several commits could have done it and nothing tells them apart", () => {
    const candidate = (sha: string, code: "own_witness" | "live_before_turn"): Candidate => ({
      service: "pricing", sha, verdict: "kept", reason: { code, text: "" }, live_at: null, evidence: null,
    }); // biome-ignore format: one line is enough
    const settled = (...candidates: Candidate[]) =>
      settleOutcome(input(cites(metrics, logs, changes), { candidates })).outcome;
    expect(settled(candidate("a", "live_before_turn"), candidate("b", "live_before_turn"))).toBe("likely_cause");
    expect(settled(candidate("a", "own_witness"), candidate("b", "live_before_turn"))).toBe("root_cause_identified");
  });

  it("told with what would raise it", () => {
    const { lacks } = settleOutcome(input(cites(metrics)));
    expect(lacks.map(({ kind }) => kind)).toEqual(["logs", "changes"]);
  });

  it("blocked when none of metrics, logs and changes could be seen", () => {
    const calls = ["metrics", "logs", "git"].map((server) => answered(server, "could_not_look"));
    expect(settleOutcome(input(cites(metrics, logs, changes), { calls }))).toMatchObject({ outcome: "blocked" });
  });

  it("not a bad deployment when no cited evidence shows the deployment", () => {
    const past = item("h", "pricing", "pricing incidents", { shows: "past" });
    const settled = settleOutcome(input(cites(metrics, logs, past), { evidence: new Map([...all, [past.id, past]]) }));
    expect(settled.outcome).toBe("likely_cause");
  });
});
