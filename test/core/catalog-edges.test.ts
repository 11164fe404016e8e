import { catalogFromDocuments, parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

const entity = (kind: string, name: string, spec: object = {}, metadata: object = {}) => ({
  kind,
  metadata: { name, ...metadata },
  spec,
});
const read = (...entities: readonly object[]) => catalogFromDocuments(entities, "catalog.yaml");
const promotions = entity("Component", "promotions");

describe("an edge of the catalog", () => {
  it.each([
    ["in capitals", entity("Component", "pricing", { dependsOn: ["Component:Default/Promotions"] }), promotions],
    ["by its bare name", entity("Component", "pricing", { dependsOn: ["promotions"] }), promotions],
    ["as one text and no list", entity("Component", "pricing", { dependsOn: "component:promotions" }), promotions],
    [
      "from its other end",
      entity("Component", "pricing"),
      entity("Component", "promotions", { dependencyOf: ["component:default/pricing"] }),
    ],
    [
      "as a part of the whole",
      entity("Component", "pricing"),
      entity("Component", "promotions", { subcomponentOf: "component:pricing" }),
    ],
    [
      "by an API that has no document",
      entity("Component", "pricing", { consumesApis: ["offers"] }),
      entity("Component", "promotions", { providesApis: ["api:default/Offers"] }),
    ],
    [
      "by the provider's name in place of its API's",
      entity("Component", "pricing", { consumesApis: ["promotions"] }),
      promotions,
    ],
    [
      "on an API",
      entity("Component", "pricing", { dependsOn: ["api:offers"] }),
      entity("API", "offers"),
      entity("Component", "promotions", { providesApis: ["offers"] }),
    ],
    [
      "by a kind in lower case",
      entity("component", "pricing", { dependsOn: ["component:default/promotions"] }),
      promotions,
    ],
    [
      "by a relation, as Backstage's API gives it",
      {
        ...entity("Component", "pricing"),
        relations: [{ type: "dependsOn", targetRef: "component:default/promotions" }],
      },
      promotions,
    ],
    [
      "by a relation of the other end",
      entity("Component", "pricing"),
      { ...promotions, relations: [{ type: "dependencyOf", targetRef: "component:default/pricing" }] },
    ],
    [
      "by a relation in its older shape",
      {
        ...entity("Component", "pricing"),
        relations: [{ type: "dependsOn", target: { kind: "component", namespace: "default", name: "promotions" } }],
      },
      promotions,
    ],
    [
      "by relations of an API",
      { ...entity("Component", "pricing"), relations: [{ type: "consumesApi", targetRef: "api:default/offers" }] },
      { ...entity("API", "offers"), relations: [{ type: "apiProvidedBy", targetRef: "component:default/promotions" }] },
      promotions,
    ],
  ] as readonly [string, ...object[]][])("written %s is read", (_, ...entities) => {
    const catalog = read(...entities);
    expect(catalog.get("pricing").dependsOn).toEqual(["promotions"]);
    expect(catalog.problems).toEqual([]);
  });

  it("is read across namespaces, by an API of another team's", () => {
    const catalog = read(
      entity("Component", "pricing", { consumesApis: ["team-b/offers"] }, { namespace: "team-a" }),
      entity("Component", "promotions", { providesApis: ["offers"] }, { namespace: "team-b" }),
    );
    expect(catalog.get("pricing").dependsOn).toEqual(["promotions"]);
  });

  it("goes to the namespace of who names it before any other", () => {
    const catalog = read(
      entity("Component", "pricing", { dependsOn: ["component:cache"] }, { namespace: "team-a" }),
      entity("Component", "cache", {}, { namespace: "team-b" }),
      entity("Component", "cache", {}, { namespace: "team-a" }),
    );
    expect(catalog.get("pricing").dependsOn).toEqual(["team-a/cache"]);
  });

  it("that may mean several is refused alone, with what would tell them apart", () => {
    const catalog = read(
      entity("Component", "pricing", { dependsOn: ["component:cache", "component:promotions"] }),
      promotions,
      entity("Component", "cache", {}, { namespace: "team-b" }),
      entity("Component", "cache", {}, { namespace: "team-a" }),
    );
    expect(catalog.get("pricing").dependsOn).toEqual(["promotions"]);
    expect(catalog.lostEdges(["pricing"])).toMatchObject([
      {
        code: "ambiguous",
        message: "pricing -> component:cache may be component:team-b/cache or component:team-a/cache: write which",
      },
    ]);
  });

  it.each(["dependOn", "depends_on", "dependson", "consumesApi"])("under a misspelt key is told: %s", (key) => {
    const catalog = read(entity("Component", "pricing", { [key]: ["promotions"] }), promotions);
    expect(catalog.problems).toMatchObject([{ code: "misspelt_key", from: "pricing" }]);
    expect(catalog.problems[0]?.message).toContain(`spec.${key} is not read`);
  });
});

describe("one name in several kinds or namespaces", () => {
  const twins = [
    entity("Component", "storefront", { dependsOn: ["component:payments"] }),
    entity("Component", "payments", { dependsOn: ["resource:payments"] }),
    entity("Resource", "payments", { type: "database" }),
  ];

  it("is the service's, and the resource is told apart by its kind", () => {
    const catalog = read(...twins);
    expect(catalog.get("payments").kind).toBe("service");
    expect(catalog.get("payments").dependsOn).toEqual(["resource:payments"]);
    expect(catalog.get("resource:payments")).toMatchObject({ kind: "resource", metadataName: "payments" });
    expect(catalog.problems).toEqual([]);
  });

  it("in two teams' namespaces is asked for with the namespace, and every other service is as ever", () => {
    const catalog = read(
      entity("Component", "storefront"),
      entity("Component", "api", {}, { namespace: "team-a" }),
      entity("Component", "api", {}, { namespace: "team-b" }),
    );
    expect(catalog.names).toEqual(["storefront", "team-a/api", "team-b/api"]);
    expect(() => catalog.get("api")).toThrow('"api" is the name of several: say which of team-a/api, team-b/api');
    expect(catalog.get("component:team-b/api").name).toBe("team-b/api");
  });

  it("declared twice is kept once, and told", () => {
    const catalog = read(promotions, entity("Component", "Promotions"));
    expect(catalog.names).toEqual(["promotions"]);
    expect(catalog.problems).toMatchObject([{ code: "declared_twice" }]);
  });
});

it("an array of entities, as GET /api/catalog/entities gives it, is a catalog", async () => {
  const text = JSON.stringify([{ apiVersion: "backstage.io/v1alpha1", ...promotions }, entity("Group", "team")]);
  expect((await parseCatalog(text, "entities.json")).names).toEqual(["promotions"]);
});

it("a number or truth value for an annotation, and a key without a value, refuse nothing", async () => {
  const text =
    "kind: Component\nmetadata:\n  name: a\n  annotations:\n    oncall/port: 80\n    oncall/on: true\n  labels:\nspec:\n  dependsOn:\n";
  expect((await parseCatalog(text, "c.yaml")).get("a").annotations).toEqual({
    "oncall/port": "80",
    "oncall/on": "true",
  });
});
