import { type Evidence, EvidenceKey, mintEvidence } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import type { Change, LogPattern, MetricSignal, MetricSuspect } from "../../agent-host/src/engines/rules/answers.ts";
import { historyClaims } from "../../agent-host/src/engines/rules/claims.ts";
import { compose } from "../../agent-host/src/engines/rules/compose.ts";
import type { Seen } from "../../agent-host/src/engines/rules/look.ts";
import { likelyChange, rankSuspects } from "../../agent-host/src/engines/rules/rank.ts";
import { settle } from "../../agent-host/src/engines/rules/settle.ts";

const key = new EvidenceKey(Buffer.alloc(32, 9));
const at = (clock: string) => `2026-03-01T${clock}Z`;
const ALERT = Date.parse(at("10:00:00"));
const item = (letter: string, text: string, when: string): Evidence =>
  mintEvidence(key, letter, { text, url: "u", at: when });

const signal = (
  name: string,
  role: MetricSignal["role"],
  change: MetricSignal["change"],
  score: number,
  onset: string | null,
): MetricSignal => ({ signal: name, role, change, score, onset });

function suspect(
  service: string,
  score: number,
  onset: string | null,
  signals: readonly MetricSignal[],
): MetricSuspect {
  const lines = signals.map(({ signal: name, change }) => `${name} turned ${change}`);
  return {
    service,
    kind: "service",
    hops: 1,
    score,
    onset,
    signals: [...signals],
    evidence: item("m", [service, ...lines].join("\n"), onset ?? at("10:00:00")),
  };
}

const pricing = suspect("pricing", 0.8, at("09:57:00"), [signal("error_ratio", "symptom", "up", 0.9, at("09:57:00"))]);
const storefront = suspect("storefront", 0.4, at("09:58:30"), [
  signal("latency_p99_seconds", "symptom", "up", 0.8, at("09:58:30")),
]);

const SHA = "a".repeat(40);
const change = (service: string, when: string, more: Partial<Change> = {}): Change => ({
  kind: "commit", sha: SHA, services: [service], live: true, evidence: item("g", `${service}: commit ${SHA}, deployed ${when}`, when), ...more,
}); // biome-ignore format: one line is enough
const pattern = (service: string, first: string, label: LogPattern["label"] = "new"): LogPattern => ({
  label, level: "error", count: 40, before: 0, first, evidence: item("l", `${service} error log, pattern ${label}: 40 lines\nboom`, first),
}); // biome-ignore format: one line is enough

const seen = (more: Partial<Seen> = {}): Seen => ({
  service: "storefront",
  metrics: { suspects: [pricing, storefront], more: null, usual: [], missing: [] },
  logs: new Map(),
  changes: [],
  history: null,
  runbook: null,
  ...more,
});
const logsOf = (service: string, ...patterns: LogPattern[]) => new Map([[service, { service, patterns }]]);

describe("the rules", () => {
  it("blame a deployment that went live right before its service turned, and propose its revert", () => {
    const all = seen({
      changes: [change("pricing", at("09:56:30"))],
      logs: logsOf("pricing", pattern("pricing", at("09:57:10"))),
    });
    const suspects = rankSuspects(all, ALERT);
    const draft = compose(settle(all, suspects), all, suspects);
    expect(draft).toMatchObject({
      family: "bad_deployment",
      culprit: "pricing",
      fix: { kind: "revert", service: "pricing", commit: SHA },
    });
    expect(draft.suspects.map(({ name }) => name)).toEqual(["pricing", "storefront"]);
  });

  it.each([
    ["after its service had turned", at("09:59:00")],
    ["long before", at("08:30:00")],
  ])("do not blame a deployment that went live %s", (_when, live) => {
    expect(likelyChange("pricing", Date.parse(at("09:57:00")), [change("pricing", live)])).toBeUndefined();
  });

  it("do not blame a commit that is not live, nor another service's", () => {
    const turned = Date.parse(at("09:57:00"));
    expect(likelyChange("pricing", turned, [change("pricing", at("09:56:00"), { live: false })])).toBeUndefined();
    expect(likelyChange("pricing", turned, [change("cart", at("09:56:00"))])).toBeUndefined();
  });

  it("name the service and propose nothing when no deployment is known", () => {
    const all = seen();
    const suspects = rankSuspects(all, ALERT);
    expect(compose(settle(all, suspects), all, suspects)).toMatchObject({
      family: "other",
      culprit: "pricing",
      fix: { kind: "none", why: "no deployment of pricing is known shortly before it turned" },
    });
  });

  it("say that changes could not be seen rather than that there were none", () => {
    const all = seen({ changes: undefined });
    const suspects = rankSuspects(all, ALERT);
    expect(compose(settle(all, suspects), all, suspects).fix.why).toContain("changes could not be seen");
  });

  it("let a new log pattern testify only to the turn it began with", () => {
    const of = (first: string) =>
      rankSuspects(seen({ logs: logsOf("pricing", pattern("pricing", first)) }), ALERT)[0]?.log;
    expect(of(at("09:57:30"))).toBeDefined();
    expect(of(at("09:50:00"))).toBeUndefined();
  });

  it("quote of the past only what names the culprit, and not another whose name begins the same", () => {
    const text =
      'storefront: 9 past incidents\nRoot causes: "pricing-db: disk full" 4 of 9; "pricing: cache dropped" 3 of 9';
    const history = {
      basis: "fingerprint" as const,
      count: 9,
      fixes: [],
      root_causes: [],
      evidence: item("h", text, at("09:00:00")),
    };
    const quotes = historyClaims(seen({ history }), "pricing").flatMap(({ supports }) =>
      supports.map(({ quote }) => quote),
    );
    expect(quotes).toContain('"pricing: cache dropped" 3 of 9');
    expect(quotes.join()).not.toContain("pricing-db");
  });

  it("rule out what went live after the culprit had turned", () => {
    const late = change("search", at("09:58:00"), { sha: "b".repeat(40) });
    const all = seen({ changes: [change("pricing", at("09:56:30")), late] });
    const suspects = rankSuspects(all, ALERT);
    expect(compose(settle(all, suspects), all, suspects).ruled_out.map(({ theory }) => theory)).toEqual([
      "The deployment of search",
    ]);
  });

  it("call a traffic peak no fault, and show a strained symptom as speaking against it", () => {
    const peak = (strain: number) =>
      suspect("storefront", 0.1, at("09:57:00"), [
        signal("requests_per_second", "load", "up", 0.8, at("09:57:00")),
        signal("error_ratio", "symptom", "usual", 0, null),
        signal("latency_p99_seconds", "symptom", "up", strain, at("09:58:00")),
      ]);
    const draftOf = (strain: number) => {
      const all = seen({ metrics: { suspects: [peak(strain)], more: null, usual: ["pricing"], missing: [] } });
      const suspects = rankSuspects(all, ALERT);
      return compose(settle(all, suspects), all, suspects);
    };
    expect(draftOf(0.1)).toMatchObject({
      family: "no_fault",
      culprit: null,
      fix: { kind: "none" },
      diagnosis: { contradicts: [] },
    });
    expect(draftOf(0.3).diagnosis.contradicts).toHaveLength(1);
    expect(draftOf(0.6).family).not.toBe("no_fault");
  });

  it("do not call it a peak when the log has new errors", () => {
    const peak = suspect("storefront", 0.1, null, [
      signal("requests_per_second", "load", "up", 0.8, null),
      signal("error_ratio", "symptom", "usual", 0, null),
    ]);
    const all = seen({
      metrics: { suspects: [peak], more: null, usual: [], missing: [] },
      logs: logsOf("storefront", pattern("storefront", at("09:58:00"))),
    });
    expect(settle(all, rankSuspects(all, ALERT)).kind).not.toBe("no_fault");
  });

  it("name nobody when nothing could be seen, and say so", () => {
    const all = seen({ metrics: undefined, changes: undefined });
    const reading = settle(all, rankSuspects(all, ALERT));
    expect(reading).toEqual({ kind: "unknown", why: "neither metrics, logs nor changes could be seen" });
  });
});
