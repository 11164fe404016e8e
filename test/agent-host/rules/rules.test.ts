import { describe, expect, it } from "vitest";
import { historyClaims } from "../../../agent-host/src/engines/rules/past.ts";
import { likelyChange, rankSuspects } from "../../../agent-host/src/engines/rules/rank.ts";
import { ALERT, at, causeOf, change, drafted, item, logsOf, pattern, SHA, seen, signal, suspect } from "./given.ts";

describe("the rules", () => {
  it("blame a deployment that went live right before its service turned, and propose its revert", async () => {
    const draft = await drafted({
      changes: [change("pricing", at("09:56:30"))],
      logs: logsOf("pricing", pattern("pricing", at("09:57:10"))),
    });
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

  it("name the service and propose nothing when no deployment is known", async () => {
    expect(await drafted()).toMatchObject({
      family: "other",
      culprit: "pricing",
      fix: { kind: "none", why: "no deployment of pricing is known shortly before it turned" },
    });
  });

  it("say that changes could not be seen rather than that there were none", async () => {
    expect((await drafted({ changes: undefined })).fix.why).toContain("changes could not be seen");
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
      root_causes: [causeOf(text, "pricing-db: disk full", 4), causeOf(text, "pricing: cache dropped", 3)],
      evidence: item("h", text, at("09:00:00")),
    };
    const quotes = historyClaims(seen({ history }), "pricing").flatMap(({ supports }) =>
      supports.map(({ quote }) => quote),
    );
    expect(quotes).toContain('"pricing: cache dropped" 3 of 9');
    expect(quotes.join()).not.toContain("pricing-db");
  });

  it("rule out what went live after the culprit had turned", async () => {
    const late = change("search", at("09:58:00"), { sha: "b".repeat(40) });
    const draft = await drafted({ changes: [change("pricing", at("09:56:30")), late] });
    expect(draft.ruled_out.map(({ theory }) => theory)).toEqual(["A deployment of search"]);
  });

  it("call a traffic peak no fault, and show a strained symptom as speaking against it", async () => {
    const peak = (strain: number) =>
      suspect("storefront", 0.1, at("09:57:00"), [
        signal("requests_per_second", "load", "up", 0.8, at("09:57:00")),
        signal("error_ratio", "symptom", "usual", 0, null),
        signal("latency_p99_seconds", "symptom", "up", strain, at("09:58:00")),
      ]);
    const draftOf = (strain: number) =>
      drafted({ metrics: { suspects: [peak(strain)], more: null, usual: ["pricing"], missing: [] } });
    expect(await draftOf(0.1)).toMatchObject({
      family: "no_fault",
      culprit: null,
      fix: { kind: "none" },
      diagnosis: { contradicts: [] },
    });
    expect((await draftOf(0.3)).diagnosis.contradicts).toHaveLength(1);
    expect((await draftOf(0.6)).family).not.toBe("no_fault");
  });

  it("do not call it a peak when the log has new errors", async () => {
    const peak = suspect("storefront", 0.1, null, [
      signal("requests_per_second", "load", "up", 0.8, null),
      signal("error_ratio", "symptom", "usual", 0, null),
    ]);
    const draft = await drafted({
      metrics: { suspects: [peak], more: null, usual: [], missing: [] },
      logs: logsOf("storefront", pattern("storefront", at("09:58:00"))),
    });
    expect(draft.family).not.toBe("no_fault");
  });

  it("name nobody when nothing could be seen, and say so", async () => {
    const { reading } = await drafted({ metrics: undefined, changes: undefined });
    expect(reading).toEqual({ kind: "unknown", why: "neither metrics, logs nor changes could be seen" });
  });
});
