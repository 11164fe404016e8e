import { describe, expect, it } from "vitest";
import { editOf } from "../../../agent-host/src/engines/rules/fixes/edit.ts";
import { builtUpon, takeBack } from "../../../agent-host/src/engines/rules/fixes/take-back.ts";
import { settingIn } from "../../../agent-host/src/engines/rules/patience.ts";
import { saysRevert } from "../../../servers/history/src/meaning.ts";
import {
  type Answers,
  at,
  change,
  drafted,
  fileOf,
  filesOf,
  inquiryOf,
  item,
  logsOf,
  pattern,
  SHA,
  signal,
  storefront,
  suspect,
} from "./given.ts";

const POLICY = `data "aws_iam_policy_document" "pricing" {
  statement {
    sid       = "ReadLists"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::shop-media/lists/*"]
  }
}

resource "aws_iam_role_policy" "pricing" {
  role = "shop-pricing"
}
`;
const REFUSED =
  'media: answered 403 (AccessDenied: role/shop-pricing is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::shop-media/quotes/q-17" because no identity-based policy allows it)';

describe("a right that is refused", () => {
  const logs = logsOf("pricing", pattern("pricing", at("09:57:10"), "new", REFUSED));
  const noChanges: Answers = { read_changes: () => ({ changes: [] }) };

  it("is granted by itself in the policy of the role that was refused", async () => {
    const { fix, family } = await drafted(
      { logs },
      { ...filesOf({ "deploy/pricing.yaml": "kind: Deployment\n", "infra/iam/pricing.tf": POLICY }), ...noChanges },
    );
    expect(family).toBe("missing_iam_permission");
    expect(fix).toMatchObject({ kind: "edits", service: "pricing", title: "Grant pricing s3:PutObject" });
    const [edit] = fix.edits;
    expect(POLICY.split(edit?.old_text ?? "")).toHaveLength(2);
    expect(edit?.new_text).toContain(
      'actions   = ["s3:PutObject"]\n    resources = ["arn:aws:s3:::shop-media/quotes/*"]',
    );
    expect(edit?.new_text).not.toMatch(/s3:\*|"\*"/);
  });

  it("is given back by a revert of what took it away", async () => {
    const text = `pricing: commit ${SHA} by goran\n    the audit counts it\n+++ b/infra/iam/pricing.tf\n@@ -3,6 +3,1 @@\n-    actions   = ["s3:PutObject"]`;
    const taken = { ...change("pricing", at("08:00:00")), evidence: item("g", text, at("08:00:00")) };
    const { fix, claims } = await drafted(
      { logs },
      { ...filesOf({ "infra/iam/pricing.tf": POLICY }), read_changes: () => ({ changes: [taken] }) },
    );
    expect(fix).toMatchObject({ kind: "revert", commit: SHA });
    expect(claims.map((claim) => claim.text).join()).toContain("took s3:PutObject away");
  });

  it("is left to people where no policy of that role is seen, or a part of it is hidden", async () => {
    const other = filesOf({ "infra/iam/pricing.tf": POLICY.replace("shop-pricing", "shop-cart") });
    expect((await drafted({ logs }, { ...other, ...noChanges })).fix).toMatchObject({ kind: "none" });
    const hidden = filesOf({ "infra/iam/pricing.tf": POLICY.replace("ReadLists", "[redacted:key]") });
    expect((await drafted({ logs }, { ...hidden, ...noChanges })).fix).toMatchObject({ kind: "none" });
  });
});

describe("too little capacity", () => {
  const full = (name: string) =>
    suspect("pricing", 0.8, at("09:57:00"), [
      signal("error_ratio", "symptom", "up", 0.9, at("09:57:00")),
      signal(name, "saturation", "up", 0.9, at("09:56:00")),
      signal("requests_per_second", "load", "up", 0.6, at("09:55:00")),
    ]);
  const load = { ...signal("requests_per_second", "load", "up", 0.9, at("09:55:00")), times: 3 };
  const busy = { ...storefront, signals: [load] };
  const customers = {
    ...busy,
    evidence: item("m", "storefront\nrequests_per_second turned up: 60; usually 20 (IQR 1), 3.0x", at("09:55:00")),
  };
  const given = (name: string) => ({
    metrics: { suspects: [full(name), customers], more: null, usual: [], missing: [] },
    closer: new Map([["storefront", customers]]),
  });
  const HPA = "kind: HorizontalPodAutoscaler\nmetadata:\n  name: pricing\nspec:\n  minReplicas: 2\n  maxReplicas: 4\n";
  const limits = (cpu: string) =>
    `kind: Deployment\nspec:\n          resources:\n            limits: { cpu: ${cpu}, memory: 256Mi }\n`;

  it("of replicas: the autoscaler may go as much higher as the load did", async () => {
    const said = "ScalingLimited TooManyReplicas: the desired replica count is more than the maximum replica count";
    const logs = logsOf("pricing", pattern("pricing", at("09:57:10"), "uncompared", said));
    const files = filesOf({ "deploy/pricing.yaml": limits("500m"), "deploy/hpa/pricing.yaml": HPA });
    const { fix, family, diagnosis } = await drafted({ ...given("queued_requests"), logs }, files);
    expect(family).toBe("undersized_hpa");
    expect(diagnosis.supports.map(({ quote }) => quote)).toContain(said);
    expect(fix.edits).toEqual([
      { path: "deploy/hpa/pricing.yaml", old_text: "  maxReplicas: 4\n".trimEnd(), new_text: "  maxReplicas: 12" },
    ]);
  });

  it("of processor time: the limit grows with the load and leaves room above it", async () => {
    const { fix } = await drafted(given("cpu_throttled_ratio"), filesOf({ "deploy/pricing.yaml": limits("100m") }));
    expect(fix.edits[0]).toMatchObject({ path: "deploy/pricing.yaml" });
    expect(fix.edits[0]?.new_text).toContain("cpu: 600m, memory: 256Mi }");
  });

  it("in the block form too", async () => {
    const block = "resources:\n  limits:\n    memory: 256Mi\n    cpu: 0.2\n";
    const { fix } = await drafted(given("cpu_throttled_ratio"), filesOf({ "deploy/pricing.yaml": block }));
    expect(fix.edits[0]?.new_text).toContain("cpu: 1200m");
  });

  it("is not what retries alone fill: without more customers, and without a limit that is reached, it is no matter of size", async () => {
    const calm = { ...storefront, signals: [signal("requests_per_second", "load", "usual", 0, null)] };
    const more = {
      metrics: { suspects: [full("in_flight_requests"), calm], more: null, usual: [], missing: [] },
      closer: new Map([["storefront", calm]]),
    };
    expect((await drafted(more)).family).toBe("other");
  });
});

describe("a commit that later ones were built upon", () => {
  const diff = (sha: string, when: string, ...lines: string[]) => ({
    ...change("pricing", when, { sha }),
    evidence: item("g", [`pricing: commit ${sha}`, "+++ b/src/quote.js", ...lines].join("\n"), when),
  });
  const culprit = diff(
    SHA,
    at("09:56:30"),
    "@@ -1,3 +1,3 @@",
    " function quote(lines) {",
    "-  return sum(lines);",
    "+  return sum(lines) / rate;",
    " }",
  );
  const later = diff(
    "b".repeat(40),
    at("09:56:55"),
    "@@ -1,3 +1,4 @@",
    " function quote(lines) {",
    "-  return sum(lines) / rate;",
    "+  const total = sum(lines) / rate;",
    "+  return { total };",
    " }",
  );
  const apart = diff("c".repeat(40), at("09:56:58"), "@@ -9 +9 @@", "-const A = 1;", "+const A = 2;");
  const NOW = "function quote(lines) {\n  const total = sum(lines) / rate;\n  return { total };\n}\n\nconst A = 2;\n";

  it("is known by lines that it brought and they took", () => {
    expect(builtUpon(culprit, [later, apart]).map(({ sha }) => sha)).toEqual([later.sha]);
  });

  it("is taken back with them by edits, which say so", async () => {
    const { fix } = await drafted(
      { changes: [culprit, later, apart], logs: logsOf("pricing", pattern("pricing", at("09:56:35"))) },
      filesOf({ "src/quote.js": NOW }),
    );
    expect(fix).toMatchObject({ kind: "edits", commit: null });
    expect(fix.why).toContain("changed the same lines since");
    const [edit] = fix.edits;
    expect(NOW.replace(edit?.old_text ?? "", edit?.new_text ?? "")).toBe(
      "function quote(lines) {\n  return sum(lines);\n}\n\nconst A = 2;\n",
    );
  });

  it("is left as a revert when the file is not as the diffs say", async () => {
    const { inquiry } = inquiryOf(filesOf({ "src/quote.js": "quite another file\n" }));
    expect(await takeBack(inquiry, "pricing", [later, culprit])).toBeUndefined();
  });

  it("edits a place that is the only one of its kind", () => {
    const file = { path: "a", text: "x\nsame\ny\nsame\n", evidence: fileOf("a", "").evidence };
    const edit = editOf(file, "x\nsame\ny\nother\n");
    expect(file.text.split(edit?.old_text ?? "")).toHaveLength(2);
    expect(file.text.replace(edit?.old_text ?? "", edit?.new_text ?? "")).toBe("x\nsame\ny\nother\n");
  });
});

describe("how long a caller should wait", () => {
  it.each([
    ['            - name: PRICING_DB_TIMEOUT_MS\n              value: "800"', 800],
    ['  PRICING_DB_TIMEOUT_MS: "1500"', 1500],
    ["pricing-db.timeout = 2s", 2000],
    ["PRICING_DB_TIMEOUT_SECONDS=3", 3000],
    ["pricingDbTimeoutMs: 250", 250],
  ])("is read of %j", (text, ms) => {
    expect(settingIn(`a: 1\n${text}\nb: 2\n`, "pricing-db")?.ms).toBe(ms);
  });

  it.each([["# PRICING_DB_TIMEOUT_MS: 5"], ["OFFERS_TIMEOUT_MS: 5"], ["PRICING_DB_TIMEOUT_MS: from the vault"]])(
    "is not read of %j",
    (text) => {
      expect(settingIn(text, "pricing-db")).toBeUndefined();
    },
  );

  const blame = {
    ...{ caller: "pricing", callee: "pricing-db", says: "waited" as const, standing: "well" as const },
    line: "pricing-db: timed out after 8 ms",
    pattern: pattern("pricing", at("09:57:10"), "new", "pricing-db: timed out after 8 ms"),
  };
  const given = { logs: logsOf("pricing", blame.pattern), blames: [blame] };
  const set = (ms: number) => filesOf({ "deploy/pricing.yaml": `- name: PRICING_DB_TIMEOUT_MS\n  value: "${ms}"\n` });

  it("by git and not by its log: what runs has drifted, and git holds what is right", async () => {
    const { family, culprit, fix, diagnosis } = await drafted(given, set(800));
    expect({ family, culprit }).toEqual({ family: "config_drift", culprit: "pricing" });
    expect(fix).toMatchObject({ kind: "none" });
    expect(diagnosis.supports.map(({ quote }) => quote)).toEqual(
      expect.arrayContaining(["pricing-db: timed out after 8 ms", '- name: PRICING_DB_TIMEOUT_MS\n  value: "800"']),
    );
  });

  it("is no drift when git says the same", async () => {
    expect((await drafted(given, set(8))).family).toBe("other");
  });
});

describe("a revert that did not always help before", () => {
  const history = (fix: string, failed: number) => {
    const text = `storefront: 9 past incidents\nFixes: "${fix}" worked ${9 - failed} of 9 times`;
    return {
      ...{ basis: "fingerprint" as const, count: 9, root_causes: [] },
      fixes: [{ fix, worked: 9 - failed, failed, reverts: saysRevert(fix) }],
      evidence: item("h", text, at("09:00:00")),
    };
  };
  const why = async (fix: string, failed: number) =>
    (
      await drafted({
        changes: [change("pricing", at("09:56:30"))],
        logs: logsOf("pricing", pattern("pricing", at("09:57:10"))),
        history: history(fix, failed),
      })
    ).fix.why;

  it("is not proposed again without saying so", async () => {
    expect(await why("reverted the last deployment of pricing", 2)).toContain("in pricing did not always close this");
    expect(await why("reverted the last deployment of cart", 2)).toContain("Reverts did not always close this");
  });

  it("and needs no warning when it always did, or when something else failed", async () => {
    expect(await why("reverted the last deployment of pricing", 0)).not.toContain("did not always");
    expect(await why("restarted the pods of pricing", 4)).not.toContain("did not always");
  });
});
