import { BadRequest, CatalogError, editDistance, nearest, parseCatalog, walkDependencies } from "@oncall-copilot/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const component = (name: string, spec: string, annotations = "") =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${annotations}spec:\n  type: service\n${spec}`;

const yaml = [
  component(
    "storefront",
    "  dependsOn: [component:default/checkout]\n",
    "  annotations:\n    backstage.io/kubernetes-id: shop-front\n",
  ),
  component("checkout", "  dependsOn:\n    - component:pricing\n  consumesApis: [api:default/cart-api]\n"),
  component("cart", "  providesApis: [cart-api]\n  dependsOn: [resource:default/carts-db]\n"),
  component("pricing", "  dependsOn: [Component:default/checkout, resource:gone]\n"),
  "kind: Resource\nmetadata:\n  name: carts-db\nspec:\n  type: database\n",
  "kind: Group\nmetadata:\n  name: team-a\nspec: {}\n",
].join("---\n");

describe("a catalog", () => {
  it("joins dependsOn with the providers of consumed APIs", async () => {
    const catalog = await parseCatalog(yaml, "catalog.yaml");
    expect(catalog.get("checkout").dependsOn).toEqual(["pricing", "cart"]);
    expect(catalog.get("carts-db").kind).toBe("resource");
  });

  it("finds a service by the name another system has for it", async () => {
    const catalog = await parseCatalog(yaml, "catalog.yaml");
    expect(catalog.get("Shop-Front").name).toBe("storefront");
  });

  it("refuses an unknown service with the nearest names", async () => {
    const catalog = await parseCatalog(yaml, "catalog.yaml");
    expect(() => catalog.get("chekout")).toThrow(BadRequest);
    expect(() => catalog.get("chekout")).toThrow('unknown service "chekout"; did you mean checkout?');
  });

  it("keeps references that lead nowhere apart", async () => {
    const { problems } = await parseCatalog(yaml, "catalog.yaml");
    expect(problems).toEqual([
      {
        code: "leads_nowhere",
        from: "pricing",
        message: "pricing -> resource:gone leads nowhere; add the entity or drop the reference",
      },
    ]);
  });

  it.each([
    ["kind: Component\nmetadata: {}\nspec: {}\n", "document 1: metadata.name"],
    ["metadata:\n  name: x\n", "document 1: kind is missing"],
    ["a: [1\n", "document 1"],
  ])("that is wrong is refused with the place", async (text, message) => {
    await expect(parseCatalog(text, "catalog.yaml")).rejects.toThrow(CatalogError);
    await expect(parseCatalog(text, "catalog.yaml")).rejects.toThrow(message);
  });
});

describe("a walk", () => {
  it("goes breadth first, each service once, over cycles, with the path", async () => {
    const catalog = await parseCatalog(yaml, "catalog.yaml");
    const steps = walkDependencies(catalog, catalog.get("storefront"));
    expect(steps.map(({ entry, hops }) => `${hops} ${entry.name}`)).toEqual([
      "0 storefront",
      "1 checkout",
      "2 pricing",
      "2 cart",
      "3 carts-db",
    ]);
    expect(steps.at(-1)?.path).toEqual(["storefront", "checkout", "cart", "carts-db"]);
  });

  it("stops at the hops asked for", async () => {
    const catalog = await parseCatalog(yaml, "catalog.yaml");
    expect(walkDependencies(catalog, catalog.get("storefront"), 1)).toHaveLength(2);
  });
});

describe("names", () => {
  it("are near when a finger slipped", () => {
    expect(nearest("paymnets", ["payments", "shipping", "pricing"], 3)).toEqual(["payments"]);
    expect(nearest("zzz", ["payments", "shipping"], 3)).toEqual([]);
  });

  it("have a distance that is symmetric and zero only for equals", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
