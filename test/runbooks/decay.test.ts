import { catalogFromDocuments } from "@oncall-copilot/core";
import { describe, expect, test } from "vitest";
import { namesIn } from "../../servers/runbooks/src/decay/names.ts";
import { decaySigns } from "../../servers/runbooks/src/decay/signs.ts";
import { parsePage } from "../../servers/runbooks/src/pages/outline.ts";
import type { Library, Page } from "../../servers/runbooks/src/store.ts";
import { goneFrom } from "../../servers/runbooks/src/stores/markdown/page.ts";
import { DEFAULT_CATALOG } from "../support/recording.ts";

const NOW = Date.parse("2026-03-01T10:05:00Z");
const DAY_MS = 86_400_000;
const LIMITS = { days: 365, deployments: 10 };
const CATALOG = catalogFromDocuments(DEFAULT_CATALOG, "catalog.yaml");

const names = async (text: string) => namesIn(await parsePage(text, "P")).map(({ name, as }) => `${as} ${name}`);

async function signs(text: string, page: Partial<Page> = {}, known: Partial<Library> = {}): Promise<string[]> {
  const whole: Page = {
    id: "team/p.md",
    title: "P",
    labels: [],
    version: "1",
    updatedAt: NOW - DAY_MS,
    editor: null,
    text,
    url: "recording:x",
    anchors: "github",
    ...page,
  };
  const library = {
    deployments: [],
    goneTarget: goneFrom(new Set(["team/p.md", "team/other.md", "top.md"])),
    ...known,
  };
  const facts = { catalog: CATALOG, library, now: NOW };
  return decaySigns(whole, await parsePage(text, "P"), "storefront", facts, LIMITS);
}

const deployments = (service: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ service, at: NOW - (i + 1) * 60_000 }));

describe("names that a page plainly uses as a service's or resource's", () => {
  test.each([
    ["`kubectl -n shop logs deploy/promo-engine --since=10m`", ["deployment promo-engine"]],
    ["    kubectl rollout restart deployment promo-engine", ["deployment promo-engine"]],
    ["```sh\nkubectl get svc/cart sts/cart-db\n```", ["service cart", "stateful set cart-db"]],
    ["`curl http://ledger.shop.svc.cluster.local/health`", ["host ledger"]],
    ["`argocd app history ledger`", ["Argo CD application ledger"]],
    ["`sudo systemctl restart ledger`", ["unit ledger"]],
    ["the `promo-engine` service and the database `promo-data`", ["service promo-engine", "database promo-data"]],
    ["reads from `offers-mysql` and `mail-queue`", ["database offers-mysql", "queue mail-queue"]],
    ["[board](https://grafana.example/d/x?var-service=ledger&from=now-1h)", ["dashboard ledger"]],
  ])("are found: %s", async (text, expected) => {
    expect(await names(text)).toEqual(expected);
  });

  test.each([
    "`max-connections` and `--dry-run` are settings, `pool-size` is one too",
    "`kubectl rollout status deployment/$NAME`, `kubectl get deploy`, `kubectl get deployments -n shop`",
    "`kubectl describe deployment <name>` or `deploy/{{ service }}` or `deploy/my-app`",
    "`kubectl -n kube-system logs deploy/coredns` and `kubectl -n cert-manager-system get svc/webhook`",
    "```sh\nkubectl get pods # all services in the namespace\n```",
    "Restart deploy/promo-engine, as prose says it.",
    "[board](https://grafana.example/d/x?var-service=$__all&var-service=All) and `a/service/path`",
    "[a page](service/thing.md) and the service `X`",
  ])("are not seen where there are none: %s", async (text) => {
    expect(await names(text)).toEqual([]);
  });

  test("are read in linear time", async () => {
    const text = `\`${"deploy/".repeat(20_000)}\`\n\n\`${"a.".repeat(40_000)}svc\`\n\n\`${"a-".repeat(40_000)}\``;
    const page = await parsePage(text, "P");
    namesIn(page);
  });
});

describe("signs of decay", () => {
  test("name what the catalog does not know, with the nearest that it does", async () => {
    expect(await signs("`kubectl logs deploy/checkuot` then `deploy/promo-engine`")).toEqual([
      'names the deployment "checkuot", which is not in the catalog (the nearest there: checkout)',
      'names the deployment "promo-engine", which is not in the catalog',
    ]);
  });

  test("are none for names the catalog has, with or without a workload's ending", async () => {
    expect(
      await signs("`deploy/checkout` `svc/checkout-svc` `deploy/pricing-v2` and the database `pricing-db`"),
    ).toEqual([]);
  });

  test("name a label that says it is a service's and is of none", async () => {
    expect(
      await signs("x", { labels: ["service:promo-engine", "service:checkout", "latency", "service-mesh"] }),
    ).toEqual(['is labelled for the service "promo-engine", which is not in the catalog']);
  });

  test("name links to pages of the folder that are gone, and no other links", async () => {
    const text =
      "[a](other.md) [b](../top.md#x) [c](gone.md?x=1#y) [d](/team/p.md) [e](https://x.test/gone.md) [f](#here) [g](../../out.md) [h](%ZZ.md)";
    expect(await signs(text)).toEqual([
      'links to the page "team/gone.md", which is gone',
      'links to the page "team/%ZZ.md", which is gone',
    ]);
  });

  test("count the deployments of the page's own services since its update, else of the one asked about", async () => {
    const old = { updatedAt: NOW - 30 * DAY_MS };
    const both = { deployments: [...deployments("storefront", 12), ...deployments("checkout", 10)] };
    expect(await signs("x", old, both)).toEqual([
      "older than the last 10 deployments of storefront (12 since its update)",
    ]);
    expect(await signs("x", { ...old, labels: ["checkout"] }, both)).toEqual([
      "older than the last 10 deployments of checkout (10 since its update)",
    ]);
    expect(await signs("x", { ...old, labels: ["pricing"] }, both)).toEqual([]);
    expect(await signs("x", { updatedAt: NOW - 30_000 }, both)).toEqual([]);
    expect(await signs("x", old, { deployments: deployments("storefront", 9) })).toEqual([]);
    expect(await signs("x", old, { deployments: undefined })).toEqual([]);
  });

  test("give the age of a page that is old, and say when there is none to give", async () => {
    expect(await signs("x", { updatedAt: NOW - 400 * DAY_MS })).toEqual(["last updated 400 days ago, more than 365"]);
    expect(await signs("x", { updatedAt: null })).toEqual(["does not say when it was last updated"]);
  });
});
