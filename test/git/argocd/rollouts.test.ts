import { encode } from "gpt-tokenizer";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { application } from "../../support/argocd/application.ts";
import { closeServers } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { at, cleanup, itemsOf, shopComponent, shopRepo } from "../support.ts";
import { APP_CATALOG, serveDouble, THEN } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const gapsOf = (structured: Readonly<Record<string, unknown>>) => (structured["gaps"] ?? []) as readonly string[];

describe("what Argo CD rolled out", () => {
  it("tells a commit with the roll-out that carried it, who began it and its images", async () => {
    const repo = shopRepo();
    const first = repo.head();
    const bad = repo.edit("services/promotions/main.js", "5 = 5", "5 = 500").commit({ minutes: -20 });
    const promotions = application({
      name: "promotions",
      history: [
        { revision: first, at: at(-2800) },
        { revision: bad, at: at(-17), by: "dana@example.test" },
      ],
      images: ["registry.example/promotions:1.42.0"],
    });
    const catalog = APP_CATALOG.slice(3);
    const { call, argo } = await serveDouble({ applications: [promotions] }, { repo, catalog, env: THEN });
    const [item] = itemsOf(await call("read_changes", { service: "promotions" }));
    expect(item).toMatchObject({ kind: "commit", sha: bad, live: true, evidence: { at: at(-17) } });
    expect(item?.evidence.text.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/deployed 2026-03-01T09:43:00Z by \S*(?:dana|redacted)\S*: 1 file, \+1 -1$/),
      "images registry.example/promotions:1.42.0",
    ]);
    expect(argo.violations).toEqual([]);
    expect(argo.received.map(({ url }) => url.pathname)).toEqual(["/api/v1/applications/promotions"]);
  });

  it("tells a roll-back, and that Argo CD did it by itself", async () => {
    const repo = shopRepo();
    const first = repo.head();
    const second = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -2000 });
    const history = [
      { revision: first, at: at(-2500) },
      { revision: second, at: at(-1990) },
      { revision: first, at: at(-40), automated: true },
    ];
    const applications = [application({ name: "pricing", history })];
    const { call } = await serveDouble({ applications }, { repo, env: THEN });
    const [item] = itemsOf(await call("read_changes", { service: "pricing", hops: 0 }));
    expect(item?.evidence.text).toBe(
      `pricing: deployed 2026-03-01T09:20:00Z by argocd-application-controller: revision ${first} (was ${second.slice(0, 12)}), rolled back, 1 commit taken out: ${second.slice(0, 12)}`,
    );
  });

  it("tells the commit that any of several sources of the service's own repository brought", async () => {
    const repo = shopRepo();
    const chart = repo.head();
    const values = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -2600 });
    const bad = repo.edit("services/pricing/main.js", "1 = 2", "1 = 3").commit({ minutes: -30 });
    const source = { repoURL: "https://github.com/example/shop.git", targetRevision: "main" };
    const sources = [
      { ...source, path: "charts/web", targetRevision: "stable" },
      { ...source, path: "deploy", ref: "values" },
    ];
    const history = [
      { revisions: [chart, values], sources, at: at(-2500) },
      { revisions: [chart, bad], sources, at: at(-20) },
    ];
    const applications = [application({ name: "pricing", sources, history })];
    const { call } = await serveDouble({ applications }, { repo, env: THEN });
    const [item] = itemsOf(await call("read_changes", { service: "pricing", hops: 0 }));
    expect(item).toMatchObject({ kind: "commit", sha: bad, live: true, evidence: { at: at(-20) } });
  });

  it("finds the service's own revision among several sources, by whichever address the repository is reached", async () => {
    const repo = shopRepo();
    const first = repo.head();
    const second = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -30 });
    const sources = [
      { repoURL: "https://user:hunter22@charts.example/stable", chart: "web-service", targetRevision: "4.2.0" },
      { repoURL: "ssh://git@GitHub.com:22/example/shop.git", path: "deploy", targetRevision: "main" },
    ];
    const history = [
      { revisions: ["4.1.0", first], sources, at: at(-2500) },
      { revisions: ["4.2.0", second], sources, at: at(-20) },
    ];
    const applications = [application({ name: "pricing", sources, history })];
    const { call, argo } = await serveDouble({ applications }, { repo, env: THEN });
    const [item] = itemsOf(await call("read_changes", { service: "pricing", hops: 0 }));
    expect(item).toMatchObject({ kind: "commit", sha: second, live: true });
    expect(item?.evidence.text).toContain(
      "\nwith revision 4.2.0 of chart web-service of https://charts.example/stable\n",
    );
    expect(item?.evidence.text).not.toContain("hunter22");
    expect(argo.violations).toEqual([]);
  });

  it("shows a revision of a chart or of another repository as a roll-out without commits", async () => {
    const repo = shopRepo();
    const source = {
      ...{ repoURL: "https://charts.example/stable", chart: "pricing", targetRevision: "1.*" },
      helm: { parameters: [{ name: "image.tag", value: "2026.3.1" }] },
    };
    const history = [
      { revision: "1.4.1", source, at: at(-2000) },
      { revision: "1.4.2", source, at: at(-30) },
      { revision: "1.4.2", source, at: at(-20) },
    ];
    const { call } = await serveDouble(
      { applications: [application({ name: "pricing", source, history, namespace: "argocd" })] },
      { repo, env: THEN },
    );
    const items = itemsOf(await call("read_changes", { service: "pricing", hops: 0 }));
    expect(items.map(({ evidence: { text } }) => text)).toEqual([
      "pricing: deployed 2026-03-01T09:30:00Z by argocd-application-controller: revision 1.4.2 of chart pricing of https://charts.example/stable (was 1.4.1), which is not the service's repository\nimages image.tag=2026.3.1",
      "pricing: deployed 2026-03-01T09:40:00Z by argocd-application-controller: revision 1.4.2 of chart pricing of https://charts.example/stable, the same revision again, no commit\nimages image.tag=2026.3.1",
    ]);
    expect(items[0]?.evidence.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/applications\/argocd\/pricing$/);
  });

  it("says how far back the history goes when the window reaches beyond it", async () => {
    const repo = shopRepo();
    const history = Array.from({ length: 10 }, (_, index) => ({ revision: repo.head(), at: at(-60 + index) }));
    const applications = [application({ name: "pricing", history, firstId: 7 })];
    const { call } = await serveDouble({ applications }, { repo, env: THEN });
    const far = await call("read_changes", { service: "pricing", hops: 0 });
    expect(gapsOf(far.structured)).toContainEqual(
      "deployments that Argo CD has forgotten (revisionHistoryLimit): pricing before 2026-03-01T09:00:00.000Z",
    );
    const near = await call("read_changes", { service: "pricing", hops: 0, from: "-30m" });
    expect(gapsOf(near.structured).join()).not.toContain("revisionHistoryLimit");
  });

  it("keeps within the budget when every application has forgotten much", async () => {
    const repo = shopRepo();
    const names = Array.from({ length: 30 }, (_, n) => `service-with-a-long-name-${n}`);
    const catalog = names.map((name, n) => {
      const dependsOn = n === 0 ? names.slice(1).map((other) => `component:default/${other}`) : [];
      return shopComponent(name, dependsOn, { "argocd/app-name": name });
    });
    const history = [{ revision: repo.head(), at: at(-60) }];
    const applications = names.slice(0, 20).map((name) => application({ name, history, firstId: 3 }));
    const { call } = await serveDouble({ applications }, { repo, catalog, env: THEN });
    const { structured, text } = await call("read_changes", { service: names[0] });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(gapsOf(structured).join("\n")).toContain(", 16 more applications");
    expect(Math.max(encode(text).length, encode(JSON.stringify(structured)).length)).toBeLessThan(1_500);
  });

  it("tells nothing that was rolled out after the moment looked from", async () => {
    const repo = shopRepo();
    const first = repo.head();
    const later = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -30 });
    const history = [
      { revision: first, at: at(-2800) },
      { revision: later, at: at(6) },
    ];
    const { call } = await serveDouble(
      { applications: [application({ name: "pricing", history })] },
      { repo, env: THEN },
    );
    const { structured, text } = await call("read_changes", { service: "pricing", hops: 0 });
    expect(text).toContain("not deployed yet");
    expect(structured).toMatchObject({ outcome: "found" });
  });

  const manifests = { repoURL: "https://github.com/example/manifests", path: "pricing", targetRevision: "main" };

  it("does not take a revision of the repository of manifests for one of the service's own", async () => {
    const repo = shopRepo();
    const commit = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -90 });
    const history = [
      { revision: repo.head(), source: manifests, at: at(-100) },
      { revision: "d".repeat(40), source: manifests, at: at(-60) },
    ];
    const { call } = await serveDouble(
      { applications: [application({ name: "pricing", history })] },
      { repo, env: THEN },
    );
    const items = itemsOf(await call("read_changes", { service: "pricing", hops: 0 }));
    expect(items.map(({ kind }) => kind).sort()).toEqual(["commit", "rollout", "rollout"]);
    const own = items.find(({ sha, kind }) => sha === commit && kind === "commit");
    expect(own).toMatchObject({ live: false });
    expect(own?.evidence.text).toContain("deployment not known");
  });

  it("finds the service's commit by the images' tags when the manifests live elsewhere", async () => {
    const repo = shopRepo();
    const first = repo.head();
    const second = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -90 });
    const of = (commit: string) => ({
      ...manifests,
      kustomize: { images: [`pricing=registry.example/pricing:1.4.2-g${commit.slice(0, 10)}`] },
    });
    const history = [
      { revision: "c".repeat(40), source: of(first), at: at(-2000) },
      { revision: "d".repeat(40), source: of(second), at: at(-60) },
    ];
    const { call } = await serveDouble(
      { applications: [application({ name: "pricing", history })] },
      { repo, env: THEN },
    );
    const items = itemsOf(await call("read_changes", { service: "pricing", hops: 0 }));
    expect(items).toMatchObject([{ kind: "commit", sha: second, live: true }]);
    expect(items[0]?.evidence.text).toContain(
      `images registry.example/pricing:1.4.2-g${second.slice(0, 10)}\nwith revision ${"d".repeat(40)} of https://github.com/example/manifests\n`,
    );
  });

  it("follows a selector to every application of a service, and keeps their histories apart", async () => {
    const repo = shopRepo();
    const first = repo.head();
    const second = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -90 });
    const labels = { "app.kubernetes.io/part-of": "pricing" };
    const applications = ["eu", "us"].map((region, index) =>
      application({
        ...{ name: `pricing-${region}`, labels, namespace: "teams" },
        history: [
          { revision: first, at: at(-2800) },
          { revision: second, at: at(-60 + 20 * index) },
        ],
      }),
    );
    const other = application({ name: "search", labels: { "app.kubernetes.io/part-of": "search" } });
    const annotations = { "argocd/app-selector": "app.kubernetes.io/part-of=pricing", "argocd/app-namespace": "teams" };
    const catalog = [shopComponent("pricing", [], annotations)];
    const policy = ["p, role:oncall-reader, applications, get, */*, allow"];
    const options = { applications: [...applications, other], policy };
    const { call, argo } = await serveDouble(options, { repo, catalog, env: THEN });
    const [item] = itemsOf(await call("read_changes", { service: "pricing" }));
    expect(item?.sha).toBe(second);
    expect(item?.evidence.text).toContain(
      "deployed 2026-03-01T09:00:00Z (application pricing-eu) by argocd-application-controller, 2026-03-01T09:20:00Z (application pricing-us):",
    );
    expect(argo.violations).toEqual([]);
    expect(argo.received).toHaveLength(3);
  });

  it("names services without an application as a gap, and does not call their commits undeployed", async () => {
    const repo = shopRepo();
    const commit = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -30 });
    const catalog = [
      shopComponent("checkout", ["component:default/pricing"], { "argocd/app-name": "checkout" }),
      shopComponent("pricing", []),
    ];
    const applications = [application({ name: "checkout", history: [{ revision: repo.head(), at: at(-20) }] })];
    const { call } = await serveDouble({ applications }, { repo, catalog, env: THEN });
    const { structured } = await call("read_changes", { service: "checkout" });
    expect(gapsOf(structured)).toContainEqual(
      "deployments of pricing: the catalog names no Argo CD application; annotate with argocd/app-name",
    );
    const item = itemsOf({ structured } as never).find(({ sha }) => sha === commit);
    expect(item?.evidence.text).toContain("deployment not known");
  });

  it("reads a file as it is deployed, and not as the chart's version would have it", async () => {
    const repo = shopRepo();
    const first = repo.head();
    repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -30 });
    const chart = { repoURL: "https://charts.example", chart: "pricing", targetRevision: "1" };
    const history = [
      { revision: first, at: at(-2000) },
      { revision: "1.0.0", source: chart, at: at(-20) },
    ];
    const { call } = await serveDouble(
      { applications: [application({ name: "pricing", history })] },
      { repo, env: THEN },
    );
    const { structured } = await call("read_file", { service: "pricing", path: "services/pricing/main.js" });
    expect(structured).toMatchObject({ outcome: "found", revision: first });
  });
});
