import { describe, expect, it } from "vitest";
import { findCommonGround } from "../../../agent-host/src/engines/rules/common-ground.ts";
import { heedBlame } from "../../../agent-host/src/engines/rules/heed-blame.ts";
import { rankSuspects } from "../../../agent-host/src/engines/rules/rank.ts";
import type { Blame, Seen } from "../../../agent-host/src/engines/rules/seen.ts";
import type { LogPattern } from "../../../agent-host/src/tools/answers.ts";
import {
  ALERT,
  at,
  change,
  drafted,
  inquiryOf,
  logsOf,
  pattern,
  pricing,
  seen,
  signal,
  storefront,
  suspect,
} from "./given.ts";

const first = (all: Seen) => heedBlame(rankSuspects(all, ALERT), all)[0]?.name;

describe("a provider that nobody measures", () => {
  const blame = (says: Blame["says"]): Blame => ({
    ...{ caller: "pricing", callee: "cards-api", says, standing: "unseen", line: "cards-api: answered 503" },
    pattern: pattern("pricing", at("09:57:10"), "new", "cards-api: answered 503"),
  });

  it("is known by what it answers those who call it, whatever was deployed there", () => {
    expect(first(seen({ blames: [blame("answered")], changes: [change("pricing", at("09:56:30"))] }))).toBe(
      "cards-api",
    );
  });

  it("is known by their waiting for it, unless the one that waits was changed right before", () => {
    expect(first(seen({ blames: [blame("waited")] }))).toBe("cards-api");
    expect(first(seen({ blames: [blame("waited")], changes: [change("pricing", at("09:56:30"))] }))).toBe("pricing");
  });

  it("is seldom at fault when it refuses who asks, nor when it is merely named", () => {
    expect(first(seen({ blames: [blame("refused")] }))).toBe("pricing");
    expect(first(seen({ blames: [blame("named")] }))).toBe("pricing");
  });

  it("convicts no deployment, and is shown by how its caller fares", async () => {
    const draft = await drafted({ blames: [blame("answered")], changes: [change("pricing", at("09:56:30"))] });
    expect(draft).toMatchObject({ culprit: "cards-api", family: "other", fix: { kind: "none" } });
    expect(draft.claims.map(({ text }) => text)).toContain("pricing, which calls cards-api, feels it.");
  });
});

describe("what several that fail at once stand on", () => {
  const dependsOn = (name: string) => ({ storefront: ["pricing", "pricing-db"], pricing: ["pricing-db"] })[name] ?? [];
  const bad = (name: string) =>
    suspect(name, 0.6, at("09:57:00"), [signal("latency_p99_seconds", "symptom", "up", 0.8, at("09:57:00"))]);
  const metrics = { suspects: [bad("pricing"), bad("storefront")], more: null, usual: [], missing: ["pricing-db"] };
  const pressed: LogPattern = {
    ...pattern("pricing-db", at("09:57:20"), "new", "Node n-7 status is now: MemoryPressure"),
    level: "warn",
  };
  const answer = (...patterns: LogPattern[]) =>
    inquiryOf({ read_logs: ({ service }) => ({ service, patterns }) }).inquiry;
  const found = async (inquiry: ReturnType<typeof answer>, more: Partial<Seen> = {}) => {
    const all = seen({ metrics, dependsOn, ...more });
    return (await findCommonGround(inquiry, all, rankSuspects(all, ALERT))).ground;
  };

  it("is what its own log says is in trouble since then, such as a node", async () => {
    expect(await found(answer(pressed))).toMatchObject({ name: "pricing-db", dependents: ["pricing", "storefront"] });
  });

  it("is nothing that logs nothing new, or that one of them alone stands on, or that is measured", async () => {
    expect(await found(answer())).toBeNull();
    expect(
      await found(answer(pressed), { dependsOn: (name) => (name === "pricing" ? ["pricing-db"] : []) }),
    ).toBeNull();
    expect(await found(answer(pressed), { metrics: { ...metrics, missing: [] } })).toBeNull();
  });
});

describe("one that gets no traffic any more", () => {
  const idle = suspect("pricing", 0.5, at("09:57:00"), [
    signal("requests_per_second", "load", "stopped", 0.9, at("09:57:00")),
  ]);
  const broken = suspect("storefront", 0.45, at("09:57:00"), [
    signal("client_error_ratio", "symptom", "up", 0.9, at("09:57:00")),
  ]);
  const among = (...suspects: (typeof idle)[]) => seen({ metrics: { suspects, more: null, usual: [], missing: [] } });

  it("is not suspected before a caller that is in trouble itself", () => {
    expect(first(among(idle, broken))).toBe("storefront");
  });

  it("is, when it fails by itself or nobody who calls it is in trouble", () => {
    const failing = {
      ...idle,
      signals: [...idle.signals, signal("error_ratio", "symptom", "up", 0.9, at("09:57:00"))],
    };
    expect(first(among(failing, broken))).toBe("pricing");
    expect(first(among(idle))).toBe("pricing");
  });
});

describe("a log pattern that was over before the page", () => {
  const burst: LogPattern = { ...pattern("pricing", at("09:56:40")), last: at("09:56:55") };
  const alive: LogPattern = {
    ...pattern("pricing", at("09:50:00"), "steady", "served"),
    level: "info",
    last: at("10:00:20"),
  };
  const logOf = (...patterns: LogPattern[]) =>
    rankSuspects(seen({ logs: logsOf("pricing", ...patterns) }), ALERT).find(({ name }) => name === "pricing")?.log;

  it("leads nothing while its service goes on logging", () => {
    expect(logOf(burst, alive)).toBeUndefined();
    expect(logOf({ ...burst, last: at("09:59:30") }, alive)).toBeDefined();
  });

  it("is the last that was heard of one that logs nothing any more", () => {
    expect(logOf(burst)).toBeDefined();
  });
});

describe("what was broken and has recovered", () => {
  const over = { ...signal("error_ratio", "symptom", "up", 0.9, at("09:55:00")), recovered_at: at("09:57:30") };
  const own = (...signals: (typeof over)[]) => ({
    metrics: { suspects: [suspect("storefront", 0.1, null, signals)], more: null, usual: [], missing: [] },
  });

  it("is told as that, with its figures, and nothing is proposed", async () => {
    const draft = await drafted(own(over));
    expect(draft.reading.kind).toBe("recovered");
    expect(draft).toMatchObject({ culprit: null, family: "other", fix: { kind: "none" } });
    expect(draft.diagnosis.text).toBe(
      "storefront was broken and has recovered: error_ratio turned and is usual again.",
    );
  });

  it("is not told so while another symptom is on: then that is said, and not that nothing stands out", async () => {
    const on = signal("latency_p99_seconds", "symptom", "up", 0.9, at("09:58:00"));
    const draft = await drafted(own(over, on as typeof over));
    expect(draft.reading.kind).toBe("unknown");
    expect(draft.diagnosis.text).toContain("latency_p99_seconds of storefront is far out of its usual range");
  });
});

describe("what runs is less than before", () => {
  const fewer = suspect("pricing", 0.8, at("09:57:00"), [
    ...pricing.signals,
    signal("cpu_ratio", "saturation", "up", 0.9, at("09:57:00")),
    signal("desired_replicas", "other", "down", 0.8, at("09:56:50")),
  ]);
  const metrics = { suspects: [fewer, storefront], more: null, usual: [], missing: [] };
  const limit = (path: string, line: string) => {
    const one = change("pricing", at("09:56:30"), {}, [path]);
    const text = `${one.evidence.text}\n+++ b/${path}\n@@ -1,1 +1,1 @@\n-  cpu: "1"\n+  ${line}`;
    return { ...one, evidence: { ...one.evidence, text } };
  };

  it("by hand: fewer pods are wanted, and no commit says so", async () => {
    const draft = await drafted({ metrics, changes: [] });
    expect(draft).toMatchObject({ culprit: "pricing", family: "config_drift", fix: { kind: "none" } });
    expect(draft.diagnosis.text).toContain("Fewer pods of pricing are wanted than before");
  });

  it("by a commit that sets less: too little capacity, and the commit is taken back", async () => {
    const full = { ...fewer, signals: fewer.signals.filter(({ signal: name }) => name !== "desired_replicas") };
    const draft = await drafted({
      metrics: { ...metrics, suspects: [full, storefront] },
      changes: [limit("apps/pricing/values.yaml", 'cpu: "0.1"')],
    });
    expect(draft).toMatchObject({ culprit: "pricing", family: "undersized_hpa", fix: { kind: "revert" } });
  });
});

describe("no fault is not told", () => {
  const calm = [
    signal("error_ratio", "symptom", "usual", 0, null),
    signal("requests_per_second", "load", "up", 0.6, at("09:55:00")),
  ];
  const peak = (...more: (typeof calm)[number][]) => ({
    metrics: {
      suspects: [suspect("storefront", 0.3, null, [...calm, ...more])],
      more: null,
      usual: [],
      missing: [] as string[],
    },
  });

  it("while containers are started again and again", async () => {
    expect((await drafted(peak())).family).toBe("no_fault");
    const restarts = signal("container_restarts", "symptom", "up", 0.1, at("09:58:00"));
    expect((await drafted(peak(restarts))).family).not.toBe("no_fault");
  });

  it("where nothing of what it calls was seen", async () => {
    const { metrics } = peak();
    expect((await drafted({ metrics: { ...metrics, missing: ["pricing"] } })).family).not.toBe("no_fault");
  });
});
