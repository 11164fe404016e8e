import { encode } from "gpt-tokenizer";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import {
  type ApplicationOptions,
  application,
  type Managed,
  managed,
  second,
} from "../../support/argocd/application.ts";
import { closeServers } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { at, cleanup, itemsOf, shopComponent, shopRepo } from "../support.ts";
import { ago, serveDouble, THEN } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const REVISION = "a".repeat(40);
const catalog = [shopComponent("pricing", [], { "argocd/app-name": "pricing" })];
/** Without the milliseconds that Kubernetes does not have either. */
const told = (minutes: number) => second(ago(minutes));

const deployment = (replicas: number, env: readonly object[], more: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "pricing", namespace: "shop", ...more },
  spec: { replicas, template: { spec: { containers: [{ name: "app", image: "registry/pricing:1", env }] } } },
});

/** Pricing, rolled out an hour ago. */
const pricing = (options: Partial<ApplicationOptions> = {}) =>
  application({
    name: "pricing",
    history: [{ revision: REVISION, at: ago(60) }],
    reconciledAt: ago(1),
    ...options,
  });

const outOfSync = (resources: ApplicationOptions["resources"], more: Partial<ApplicationOptions> = {}) =>
  pricing({ sync: { status: "OutOfSync", revision: REVISION }, ...(resources ? { resources } : {}), ...more });

const DRIFTED = { group: "apps", kind: "Deployment", name: "pricing", status: "OutOfSync" } as const;

async function ask(app: ReturnType<typeof application>, resources: readonly Managed[] = [], args: object = {}) {
  const { call, argo } = await serveDouble(
    { applications: [app], managed: { [app.metadata.name]: resources } },
    { repo: shopRepo(), catalog },
  );
  const result = await call("read_changes", { service: "pricing", ...args });
  expect(argo.violations).toEqual([]);
  const [item] = itemsOf(result);
  return { result, item, lines: item?.evidence.text.split("\n") ?? [], received: argo.received };
}

describe("what runs against what should run", () => {
  it("tells the fields that were changed outside git, by whom and since when", async () => {
    const managedFields = [
      {
        ...{ manager: "argocd-controller", operation: "Apply", time: ago(3) },
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      },
      { manager: "kubectl-edit", operation: "Update", time: told(12), fieldsV1: envOwned("POOL_SIZE") },
      {
        manager: "kubectl",
        operation: "Update",
        subresource: "scale",
        time: told(14),
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      },
    ];
    const desired = deployment(4, [{ name: "POOL_SIZE", value: "20" }]);
    const live = deployment(1, [{ name: "POOL_SIZE", value: "2" }], { managedFields, resourceVersion: "7" });
    const { item, lines, result, received } = await ask(outOfSync([DRIFTED]), [
      managed(DRIFTED_NAME, { target: desired, live, predicted: desired, normalized: live }),
    ]);
    expect(item).toMatchObject({ kind: "drift", services: ["pricing"], sha: REVISION, live: true });
    expect(item?.evidence.at).toBe(new Date(told(12)).toISOString());
    expect(item?.evidence.url).toMatch(/\/applications\/argocd\/pricing$/);
    expect(lines).toEqual([
      `pricing: OutOfSync, compared ${told(1)}: 1 resource differs from revision aaaaaaaaaaaa, which was rolled out ${told(60)}: changed outside of it since`,
      `Deployment/pricing spec.replicas: desired 4, live 1 (set by kubectl ${told(14)})`,
      `Deployment/pricing spec.template.spec.containers[app].env[POOL_SIZE].value: desired "20", live "2" (set by kubectl-edit ${told(12)})`,
    ]);
    expect(result.structured["summary"]).toContain("Not as they should be now: pricing (OutOfSync).");
    const asked = received.at(-1)?.url;
    expect(asked?.pathname).toBe("/api/v1/applications/pricing/managed-resources");
    expect(asked?.searchParams.get("kind")).toBe("Deployment");
    expect(asked?.searchParams.get("fields")).not.toContain("diff");
  });

  it("puts fresh drift before what was rolled out earlier", async () => {
    const replicas = {
      manager: "kubectl",
      operation: "Update",
      time: told(5),
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    };
    const live = deployment(1, [], { managedFields: [replicas] });
    const { result } = await ask(outOfSync([DRIFTED]), [
      managed(DRIFTED_NAME, { target: deployment(4, []), live, predicted: deployment(4, []), normalized: live }),
    ]);
    expect(itemsOf(result).map(({ kind }) => kind)).toEqual(["drift", "rollout"]);
  });

  it("tells of a revision that waits to be rolled out that it waits, and calls it no drift", async () => {
    const next = "b".repeat(40);
    const app = pricing({ sync: { status: "OutOfSync", revision: next }, resources: [DRIFTED] });
    const states = { target: deployment(2, []), live: deployment(4, []) };
    const { result } = await ask(app, [managed(DRIFTED_NAME, states)]);
    const item = itemsOf(result).find(({ kind }) => kind === "state");
    expect(item?.evidence.text.split("\n")).toEqual([
      `pricing: OutOfSync, compared ${told(1)}: 1 resource differs from revision bbbbbbbbbbbb, which is not rolled out yet`,
      "Deployment/pricing spec.replicas: desired 2, live 4",
    ]);
    expect(itemsOf(result).map(({ kind }) => kind)).not.toContain("drift");
  });

  it("never shows what a Secret holds, though Argo CD would send it", async () => {
    const secret = { kind: "Secret", name: "pricing-db", status: "OutOfSync" } as const;
    const of = (password: string) => ({ kind: "Secret", metadata: { name: "pricing-db" }, stringData: { password } });
    const { result, lines, received } = await ask(outOfSync([secret]), [
      managed({ kind: "Secret", name: "pricing-db" }, { target: of("correct-horse"), live: of("battery-staple") }),
    ]);
    expect(lines.slice(1)).toEqual(["Secret/pricing-db differs; what it holds is not shown"]);
    expect(result.text).not.toMatch(/correct-horse|battery-staple/);
    expect(received).toHaveLength(1);
  });

  it("hides values by the name they stand under, in variables and in files of a ConfigMap", async () => {
    const config = { kind: "ConfigMap", name: "pricing", status: "OutOfSync" } as const;
    const map = (size: number, password: string) => ({
      kind: "ConfigMap",
      metadata: { name: "pricing" },
      data: { "app.yaml": `timeout: 5s\npool: ${size}\n`, "db.yaml": `host: db\npassword: ${password}\n` },
    });
    const env = (value: string) => deployment(1, [{ name: "DB_PASSWORD", value }]);
    const { result, lines } = await ask(outOfSync([DRIFTED, config]), [
      managed(DRIFTED_NAME, { target: env("hunter2horse"), live: env("staple9stable") }),
      managed(config_(config), { target: map(20, "hunter2horse"), live: map(2, "staple9stable") }),
    ]);
    expect(result.text).not.toMatch(/hunter2horse|staple9stable/);
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(
        /^Deployment\/pricing .*env\[DB_PASSWORD\]\.value: desired "\[redacted:.*live "\[redacted:/,
      ),
      'ConfigMap/pricing data.app.yaml line 2: desired "pool: 20", live "pool: 2"',
      "ConfigMap/pricing data.db.yaml differs; what differs is not shown",
    ]);
  });

  it.each([
    ["a key", (body: string) => `-----BEGIN PRIVATE KEY-----\n${body}\nabcd\n-----END PRIVATE KEY-----\n`],
    ["a password in a block", (body: string) => `host: db\npassword: |\n  ${body}\n`],
  ])("hides a line of %s, which alone does not look like one", async (_, fileOf) => {
    const config = { kind: "ConfigMap", name: "pricing", status: "OutOfSync" } as const;
    const map = (body: string, pool: string) => ({
      kind: "ConfigMap",
      data: { a: fileOf(body), b: fileOf(body) + pool },
    });
    const { result, lines } = await ask(outOfSync([config]), [
      managed(config_(config), { target: map("hunter2horse", "pool: 20\n"), live: map("staple9stable", "pool: 2\n") }),
    ]);
    expect(result.text).not.toMatch(/hunter2horse|staple9stable/);
    expect(lines.slice(1)).toEqual([
      "ConfigMap/pricing data.a differs; what differs is not shown",
      expect.stringMatching(/^ConfigMap\/pricing data\.b line \d: desired "pool: 20", live "pool: 2"$/),
    ]);
  });

  it("cuts long causes between words, since half of a password would not be known for one", async () => {
    const message = `${"x ".repeat(140)}postgres://app:hunter2horse@db.example.test/pricing is down`;
    const { result } = await ask(pricing({ health: { status: "Degraded", message } }));
    const item = itemsOf(result).find(({ kind }) => kind === "state");
    expect(item?.evidence.text).not.toContain("hunte");
    expect(item?.evidence.text).toMatch(/^health Degraded: (x ){140}\[\d+ more characters\]$/m);
  });

  it("names resources that are missing, left over, or could not be compared", async () => {
    const { lines, result } = await ask(
      outOfSync([
        { kind: "Service", name: "pricing", status: "OutOfSync", health: { status: "Missing" } },
        { kind: "ConfigMap", name: "old", status: "OutOfSync", requiresPruning: true },
        { kind: "Ingress", name: "pricing", status: "OutOfSync" },
        { kind: "Job", name: "migrate", status: "OutOfSync", hook: true },
      ]),
      [managed({ kind: "Service", name: "pricing" }, { target: { kind: "Service" }, live: null })],
    );
    expect(lines.slice(1)).toEqual([
      "Service/pricing is missing",
      "ConfigMap/old is there, and should not be",
      "Ingress/pricing differs",
    ]);
    expect(result.text).not.toContain("migrate");
  });

  it("compares only what git speaks of when Argo CD does not tell what it predicts", async () => {
    const target = { kind: "Service", spec: { ports: [{ name: "http", port: 80 }] } };
    const live = {
      kind: "Service",
      spec: { clusterIP: "10.0.0.1", ports: [{ name: "http", port: 81, nodePort: 30000 }] },
    };
    const resource = { kind: "Service", name: "pricing", status: "OutOfSync" } as const;
    const { lines } = await ask(outOfSync([resource]), [
      managed({ kind: "Service", name: "pricing" }, { target, live }),
    ]);
    expect(lines.slice(1)).toEqual(["Service/pricing spec.ports[http].port: desired 80, live 81"]);
  });

  it("tells poor health with its cause and since when, and a sync that failed", async () => {
    const app = pricing({
      health: { status: "Degraded", lastTransitionTime: told(9) },
      resources: [
        {
          group: "apps",
          kind: "Deployment",
          name: "pricing",
          health: { status: "Degraded", message: "progress deadline exceeded" },
        },
      ],
      operationState: {
        ...{ phase: "Failed", message: "one or more objects failed to apply: quota exceeded", startedAt: told(8) },
        ...{ finishedAt: told(7), operation: { initiatedBy: { username: "dana" } } },
        syncResult: { revision: "c".repeat(40) },
      },
    });
    const { result } = await ask(app);
    const item = itemsOf(result).find(({ kind }) => kind === "state");
    expect(item?.evidence.text.split("\n")).toEqual([
      `pricing: Degraded, sync Failed, compared ${told(1)}`,
      `health Degraded since ${told(9)}`,
      "Deployment/pricing Degraded: progress deadline exceeded",
      `last sync of revision ${"c".repeat(40)} Failed ${told(7)} by dana: one or more objects failed to apply: quota exceeded`,
    ]);
  });

  it("asks the resource tree for health where the application does not hold it, as since Argo CD 3.0", async () => {
    const app = pricing({
      health: { status: "Degraded", lastTransitionTime: told(9) },
      resources: [{ group: "apps", kind: "Deployment", name: "pricing" }],
      resourceHealthSource: "appTree",
    });
    const node = (kind: string, name: string, status: string, message?: string, group?: string) => ({
      ...{ version: "v1", kind, name, namespace: "shop", health: { status, ...(message ? { message } : {}) } },
      ...(group ? { group } : {}),
    });
    const nodes = [
      node("Deployment", "pricing", "Degraded", "progress deadline exceeded", "apps"),
      node("ReplicaSet", "pricing-5d4", "Healthy", undefined, "apps"),
      node("Pod", "pricing-5d4-x1", "Degraded", "CrashLoopBackOff: back-off 5m0s restarting failed container"),
    ];
    const { call, argo } = await serveDouble(
      { applications: [app], nodes: { pricing: nodes } },
      { repo: shopRepo(), catalog },
    );
    const result = await call("read_changes", { service: "pricing" });
    expect(argo.violations).toEqual([]);
    const item = itemsOf(result).find(({ kind }) => kind === "state");
    expect(item?.evidence.text.split("\n")).toEqual(
      expect.arrayContaining([
        "Deployment/pricing Degraded: progress deadline exceeded",
        "Pod/pricing-5d4-x1 Degraded: CrashLoopBackOff: back-off 5m0s restarting failed container",
      ]),
    );
    expect(item?.evidence.text).not.toContain("ReplicaSet");
  });

  it("asks for no health of resources where the application is well", async () => {
    const { received } = await ask(
      pricing({ resources: [{ kind: "Service", name: "pricing" }], resourceHealthSource: "appTree" }),
    );
    expect(received.some(({ url }) => url.pathname.endsWith("/resource-tree"))).toBe(false);
  });

  it("says that all is as it should be when it is", async () => {
    const { result } = await ask(pricing());
    expect(result.structured["summary"]).toContain("1 application in sync and healthy now.");
    expect(itemsOf(result).map(({ kind }) => kind)).toEqual(["rollout"]);
  });

  it("does not tell the present to one who looks from an earlier moment, and says so", async () => {
    const { call } = await serveDouble(
      { applications: [outOfSync([DRIFTED], { history: [{ revision: REVISION, at: at(-60) }] })] },
      { repo: shopRepo(), catalog, env: THEN },
    );
    const { structured, text } = await call("read_changes", { service: "pricing" });
    expect(text).not.toContain("OutOfSync");
    expect(structured["gaps"]).toEqual([expect.stringContaining("tells how things stand now, and not as of then")]);
  });

  it("stays within the budget however much has drifted, and says how much is left out", async () => {
    const env = (value: string) =>
      Array.from({ length: 60 }, (_, n) => ({ name: `SETTING_${n}`, value: value.repeat(90) }));
    const resources = Array.from({ length: 30 }, (_, n) => ({ ...DRIFTED, name: `pricing-${n}` }));
    const managedOnes = resources.map(({ group, kind, name }) =>
      managed({ group, kind, name }, { target: deployment(1, env("x")), live: deployment(2, env("y")) }),
    );
    const { result, lines } = await ask(outOfSync(resources), managedOnes);
    expect(encode(result.text).length).toBeLessThan(1_500);
    expect(encode(JSON.stringify(result.structured)).length).toBeLessThan(1_500);
    expect(lines.at(-1)).toMatch(/^\[\d+ more differences\]$/);
  });

  it("goes on without fields when they cannot be read, and names the gap", async () => {
    const big = "x".repeat(33 * 1_048_576);
    const { result, lines } = await ask(outOfSync([DRIFTED]), [managed(DRIFTED_NAME, { target: big, live: big })]);
    expect(lines.slice(1)).toEqual(["Deployment/pricing differs"]);
    expect(result.structured["gaps"]).toContainEqual(
      expect.stringMatching(/^in which fields pricing is out of sync: Argo CD at .* more than 32 MiB/),
    );
  });
});

const DRIFTED_NAME = { group: "apps", kind: "Deployment", name: "pricing" };
const config_ = ({ kind, name }: { kind: string; name: string }) => ({ kind, name });

function envOwned(name: string) {
  const item = { [`k:{"name":"${name}"}`]: { ".": {}, "f:name": {}, "f:value": {} } };
  return { "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:env": item } } } } } };
}
