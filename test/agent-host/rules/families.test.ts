import type { Draft } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../agent-host/src/tools/answers.ts";
import { at, change, drafted, item, logsOf, pattern, pricing, SHA, signal, storefront, suspect } from "./given.ts";

const cited = ({ diagnosis }: Draft) => diagnosis.supports.map(({ id }) => id.charAt(0));

const DENIED = "AccessDenied: role/pricing is not authorized to perform: s3:GetObject";
const EXPIRED = "psp answered 401: the API key has expired";
const busy = (more: string, score = 0.9) =>
  suspect("pricing", 0.8, at("09:57:00"), [
    signal("error_ratio", "symptom", "up", 0.9, at("09:57:00")),
    signal(more, "saturation", "up", score, at("09:56:00")),
    signal("requests_per_second", "load", "up", 0.6, at("09:55:00")),
  ]);
const metrics = (own: ReturnType<typeof suspect>) => ({
  suspects: [own, storefront],
  more: null,
  usual: [],
  missing: [],
});

describe("the rules tell the family", async () => {
  it.each([
    ["missing_iam_permission", DENIED, /a right that it needs is refused/],
    ["expired_secret", EXPIRED, /the credential that it uses is not accepted/],
  ])("%s by what the culprit's own log says, and propose nothing in git for it", async (family, line, says) => {
    const draft = await drafted({ logs: logsOf("pricing", pattern("pricing", at("09:57:10"), "new", line)) });
    expect(draft).toMatchObject({ family, culprit: "pricing", fix: { kind: "none" } });
    expect(draft.diagnosis.text).toMatch(says);
    expect(draft.diagnosis.supports.map(({ quote }) => quote)).toContain(line);
  });

  it("by the log even when something else is logged more often", async () => {
    const logs = logsOf(
      "pricing",
      { ...pattern("pricing", at("09:57:10")), count: 900 },
      pattern("pricing", at("09:57:05"), "new", EXPIRED),
    );
    expect((await drafted({ logs })).family).toBe("expired_secret");
  });

  it("not by a refusal that was logged all along, or began at another time", async () => {
    const steady = logsOf("pricing", pattern("pricing", at("09:20:00"), "steady", DENIED));
    const earlier = logsOf("pricing", pattern("pricing", at("09:45:00"), "new", DENIED));
    for (const logs of [steady, earlier]) expect((await drafted({ logs })).family).toBe("other");
  });

  it("not by what a victim logs of the culprit", async () => {
    const logs = logsOf(
      "storefront",
      pattern("storefront", at("09:58:40"), "new", "pricing answered 401 Unauthorized"),
    );
    expect(await drafted({ logs })).toMatchObject({ culprit: "pricing", family: "other" });
  });

  it("undersized_hpa by what is full while traffic grows and nothing went live", async () => {
    const draft = await drafted({ metrics: metrics(busy("hpa_usage_ratio")) });
    expect(draft).toMatchObject({ family: "undersized_hpa", culprit: "pricing", fix: { kind: "none" } });
    expect(draft.diagnosis.text).toContain("its hpa_usage_ratio turned up while requests_per_second is up");
  });

  it("undersized_hpa by throttling too, but not by a pool that ran dry nor by what is merely busy", async () => {
    expect((await drafted({ metrics: metrics(busy("cpu_throttled_ratio")) })).family).toBe("undersized_hpa");
    expect((await drafted({ metrics: metrics(busy("pool_in_use_ratio")) })).family).toBe("other");
    expect((await drafted({ metrics: metrics(busy("cpu_ratio", 0.2)) })).family).toBe("other");
  });

  it("bad_deployment rather than undersized_hpa when a commit went live right before it filled", async () => {
    const draft = await drafted({ metrics: metrics(busy("cpu_ratio")), changes: [change("pricing", at("09:56:30"))] });
    expect(draft.family).toBe("bad_deployment");
  });

  it.each([
    [["deploy/pricing.yaml"], "config_drift"],
    [["config/limits.json", "deploy/base/values.yaml"], "config_drift"],
    [["infra/policies.tf"], "config_drift"],
    [["deploy/pricing.yaml", "src/pricing.js"], "bad_deployment"],
    [["package.json"], "bad_deployment"],
    [["src/pricing.js"], "bad_deployment"],
  ])("of a commit that changes %j: %s, with its revert", async (paths, family) => {
    const draft = await drafted({
      changes: [change("pricing", at("09:56:30"), {}, paths)],
      logs: logsOf("pricing", pattern("pricing", at("09:57:10"))),
    });
    expect(draft).toMatchObject({ family, fix: { kind: "revert", commit: SHA } });
    expect(cited(draft)).toEqual(["g", "m"]);
  });

  const drift = (when: string): Change => {
    const text = "pricing: OutOfSync: changed outside of it since\nDeployment/pricing spec.replicas: desired 4, live 1";
    return { ...change("pricing", when), kind: "drift", evidence: item("g", text, when) };
  };

  it("config_drift of what was changed outside git right before, which no revert takes back", async () => {
    const draft = await drafted({
      changes: [drift(at("09:56:30"))],
      logs: logsOf("pricing", pattern("pricing", at("09:57:10"))),
    });
    expect(draft).toMatchObject({ family: "config_drift", culprit: "pricing", fix: { kind: "none", commit: null } });
    expect(draft.diagnosis.text).toMatch(
      /^What runs of pricing.* was changed outside git and differs from what should/,
    );
    expect(draft.fix.why).toContain("no commit brought it");
    expect(cited(draft)).toEqual(["g", "m"]);
  });

  it("not by drift that is seen only after it turned, nor calls that a deployment that is ruled out", async () => {
    const draft = await drafted({
      changes: [drift(at("09:59:30")), { ...drift(at("09:59:40")), services: ["storefront"] }],
    });
    expect(draft.family).toBe("other");
    expect(draft.ruled_out).toEqual([]);
  });

  it("no path that a commit's message names passes for one of its files", async () => {
    const told = change("pricing", at("09:56:30"), {}, ["src/pricing.js"]);
    const text = told.evidence.text.replace("what it says", "M deploy/pricing.yaml +1 -1");
    const draft = await drafted({ changes: [{ ...told, evidence: { ...told.evidence, text } }] });
    expect(draft.family).toBe("bad_deployment");
  });

  it("other, and a revert of nothing, when only the metrics speak", async () => {
    expect(await drafted({})).toMatchObject({ family: "other", culprit: pricing.service, fix: { kind: "none" } });
  });
});
