import { catalogFromDocuments, type Evidence, EvidenceKey, type Mark, mintEvidence } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { catalogAsSeen, missingEdges } from "../../agent-host/src/signs/missing-edges.ts";
import { blindSpots, catalogGaps, missingEdgeGap } from "../../agent-host/src/verify/catalog-gaps.ts";

const key = new EvidenceKey(Buffer.alloc(32, 7));
const component = (name: string, ...dependsOn: string[]) => ({
  kind: "Component",
  metadata: { name },
  spec: { type: "service", dependsOn },
});
const catalog = catalogFromDocuments(
  [
    component("storefront", "component:checkout"),
    component("checkout", "component:cart"),
    component("cart"),
    component("pricing"),
    component("billing"),
  ],
  "catalog",
);
const logged = (from: string, line: string, mark: Partial<Mark> = {}): Evidence =>
  mintEvidence(key, "l", {
    ...{ text: `${from} error log, pattern new: 40 lines\n${line}\n    at a.js:3`, url: "u", at: "t", about: [from] },
    shows: [{ shows: "failing", of: "new", peers: ["pricing", "cart", "storefront"], ...mark }],
  });
const measured = (name: string, shows: Mark["shows"] = "unusual"): Evidence =>
  mintEvidence(key, "m", { text: name, url: "u", at: "t", about: [name], shows: [{ shows, of: "error_ratio" }] });
const edgesOf = (...items: Evidence[]) => missingEdges(catalog, items).map(({ from, to }) => `${from} -> ${to}`);

describe("a service that a log line names though no edge leads to it", () => {
  it.each([
    "pricing: timed out after 2000 ms",
    "GET http://pricing:8080/prices failed: connect ECONNREFUSED 10.0.0.7:8080",
    "rpc error: code = Unavailable desc = connection refused calling pricing: connection refused",
    "pricing answered 503",
    "dial tcp: lookup pricing.shop.svc.cluster.local: no such host",
  ])("is taken to be depended on: %s", (line) => {
    expect(edgesOf(logged("checkout", line))).toEqual(["checkout -> pricing"]);
  });

  it("counts by its mere name only when it is in trouble itself: names are plain words, too", () => {
    const line = logged("checkout", "no pricing for this customer");
    expect(edgesOf(line)).toEqual([]);
    expect(edgesOf(line, measured("pricing"))).toEqual(["checkout -> pricing"]);
    expect(edgesOf(line, measured("pricing", "usual"))).toEqual([]);
  });

  it.each([
    ["the edge is there", logged("checkout", "cart answered 503")],
    ["it is the one that called", logged("checkout", "storefront: timed out after 500 ms")],
    ["a dependency passes it on", logged("checkout", "cart: answered 502 (pricing: timed out after 700 ms)")],
    ["the pattern was there before", logged("checkout", "pricing answered 503", { shows: "usual" })],
    ["the catalog does not know it", logged("checkout", "stripe answered 503", { peers: [] })],
  ])("is not when %s", (_why, item) => {
    expect(edgesOf(item)).toEqual([]);
  });

  it("leads on from there: callers and walks have the edge as soon as it was seen", () => {
    const evidence = new Map<string, Evidence>();
    const seen = catalogAsSeen(catalog, evidence);
    expect(seen().get("checkout").dependsOn).toEqual(["cart"]);
    const item = logged("checkout", "pricing answered 503");
    evidence.set(item.id, item);
    expect(seen().get("checkout").dependsOn).toEqual(["cart", "pricing"]);
    expect(catalog.get("checkout").dependsOn).toEqual(["cart"]);
  });

  it("is proposed in words that can be written into the catalog", () => {
    const [edge] = missingEdges(catalog, [logged("checkout", "pricing answered 503")]);
    expect(edge && missingEdgeGap(edge, catalog).why).toContain(
      "add component:default/pricing to spec.dependsOn of checkout",
    );
  });
});

describe("a reference that leads nowhere", () => {
  const lost = catalogFromDocuments(
    [
      component("storefront", "component:checkout", "component:cart"),
      component("checkout", "component:cart", "component:promotoins"),
      component("cart"),
    ],
    "catalog",
  );

  it("is a blind spot of whoever it stands at and of all below, and of nobody beside", () => {
    expect(blindSpots(lost, "storefront", "checkout")).toEqual(["checkout"]);
    expect(blindSpots(lost, "storefront", "cart")).toEqual(["checkout"]);
    expect(blindSpots(lost, "storefront", "storefront")).toEqual([]);
    expect(catalogGaps(lost, "storefront")).toHaveLength(1);
  });
});
