import { ConfigError, Secret } from "@oncall-copilot/core";
import { afterEach, describe, expect, it } from "vitest";
import { MAX_AGE_MS, openLiveCatalog } from "../../../core/src/backend/backstage/live-catalog.ts";
import { type BackstageOptions, entity, startBackstage } from "../../support/backstage/double.ts";
import { closeServers, startServer } from "../../support/http/server.ts";

afterEach(closeServers);

const ENTITIES = [
  entity("Component", "storefront", { dependsOn: ["component:pricing"] }),
  entity(
    "Component",
    "pricing",
    { dependsOn: ["resource:prices-db"] },
    { annotations: { "oncall/paths": "pricing/" } },
  ),
  entity("Resource", "prices-db", { type: "database" }),
  entity("Group", "web"),
];
const token = new Secret("a-static-token");

async function open(
  options: Partial<BackstageOptions> = {},
  more: Partial<Parameters<typeof openLiveCatalog>[0]> = {},
) {
  const double = await startBackstage({ entities: ENTITIES, token: "a-static-token", ...options });
  return { double, catalog: await openLiveCatalog({ url: double.url, token, ...more }) };
}
const failing = (work: Promise<unknown>) =>
  work.then(
    () => "it was opened",
    (error: unknown) => (error instanceof ConfigError ? error.message : `not told: ${String(error)}`),
  );

describe("the catalog of a live Backstage", () => {
  it("is what a file of the same entities is: services, resources, edges and annotations", async () => {
    const { catalog, double } = await open();
    expect(catalog.names).toEqual(["storefront", "pricing", "prices-db"]);
    expect(catalog.get("storefront").dependsOn).toEqual(["pricing"]);
    expect(catalog.get("pricing")).toMatchObject({
      dependsOn: ["prices-db"],
      owner: "web",
      annotations: { "oncall/paths": "pricing/" },
    });
    expect(double.violations).toEqual([]);
    expect(double.received.every(({ method }) => method === "GET")).toBe(true);
  });

  it("is read page by page to its end, by the cursor of each page", async () => {
    const many = Array.from({ length: 45 }, (_, index) => entity("Component", `service-${index}`));
    const { catalog, double } = await open({ entities: many, pageSize: 20 });
    expect(catalog.names).toHaveLength(45);
    expect(double.received).toHaveLength(3);
    expect(double.violations).toEqual([]);
  });

  it("is read all at once from a Backstage that has no pages yet", async () => {
    const { catalog, double } = await open({ old: true });
    expect(catalog.names).toHaveLength(3);
    expect(double.received.map(({ url }) => url.pathname)).toEqual([
      "/api/catalog/entities/by-query",
      "/api/catalog/entities",
    ]);
    expect(double.violations).toEqual([]);
  });

  it("may be named with or without the API's path", async () => {
    const double = await startBackstage({ entities: ENTITIES });
    expect((await openLiveCatalog({ url: `${double.url}/api/catalog/` })).names).toHaveLength(3);
  });

  it("keeps its other entities where one cannot be read, and says which", async () => {
    const { catalog } = await open({
      entities: [...ENTITIES, { ...entity("Component", "odd"), spec: { dependsOn: { not: "a list" } } }],
    });
    expect(catalog.names).toHaveLength(3);
    expect(catalog.problems).toMatchObject([{ code: "unreadable" }]);
  });
});

describe("a Backstage that does not give its catalog", () => {
  it("names the variable and the right that is missing", async () => {
    const double = await startBackstage({ entities: ENTITIES, token: "another" });
    const wrong = await failing(openLiveCatalog({ url: double.url, token }));
    expect(wrong).toContain("did not accept the token (401)");
    expect(wrong).toContain("ONCALL_CATALOG_TOKEN");
    expect(wrong).not.toContain("a-static-token");
    expect(await failing(openLiveCatalog({ url: double.url }))).toContain("wants a token (401)");
  });

  it.each<[string, number, string, string]>([
    [
      "forbids it",
      403,
      '{"error":{"name":"NotAllowedError","message":"no"}}',
      "does not let this token read the catalog",
    ],
    ["shows its login page", 200, "<!doctype html><title>Sign in</title>", "answered with a web page"],
    ["is something else", 200, '{"results":[]}', "another shape than Backstage"],
    ["shows nothing", 200, '{"items":[],"totalItems":0,"pageInfo":{}}', "shows no Component"],
    ["sends elsewhere", 302, "", "redirects elsewhere"],
  ])("when it %s", async (_what, status, body, said) => {
    const { url } = await startServer((_, response) => {
      response.writeHead(status, { "content-type": "text/html", location: "https://login.example/" });
      response.end(body);
    });
    expect(await failing(openLiveCatalog({ url, token }))).toContain(said);
  });

  it("is not followed round in a circle of pages", async () => {
    const { url, received } = await startServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ items: [], totalItems: 9, pageInfo: { nextCursor: "again" } }));
    });
    expect(await failing(openLiveCatalog({ url, token }))).toContain("round in a circle");
    expect(received.length).toBeLessThan(4);
  });

  it("takes no credentials in its address", async () => {
    expect(await failing(openLiveCatalog({ url: "https://me:secret@backstage.example" }))).toContain("credentials");
  });
});

describe("a live catalog that grows old", () => {
  async function aged() {
    const entities = [...ENTITIES];
    let now = 0;
    const state = { broken: false };
    const double = await startBackstage({ entities });
    const front = await startServer(async (request, response) => {
      if (state.broken) return void response.writeHead(404).end("{}");
      const answer = await fetch(`${double.url}${request.url.pathname}${request.url.search}`);
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    });
    const catalog = await openLiveCatalog({ url: front.url, clock: () => now });
    const pass = (ms: number) => {
      now += ms;
    };
    return { catalog, front, entities, state, pass };
  }
  const settled = async (until: () => boolean) => {
    while (!until()) await new Promise((resolve) => setImmediate(resolve));
  };

  it("is read again when it is used, and only then", async () => {
    const { catalog, front, entities, pass } = await aged();
    entities.push(entity("Component", "billing"));
    pass(MAX_AGE_MS - 1);
    expect(catalog.names).toHaveLength(3);
    pass(2);
    expect(front.received).toHaveLength(1);
    expect(catalog.names).toHaveLength(3);
    await settled(() => catalog.names.length === 4);
    expect(front.received).toHaveLength(2);
  });

  it("is kept where it cannot be read again, and says how old it is", async () => {
    const { catalog, state, pass } = await aged();
    state.broken = true;
    pass(MAX_AGE_MS + 60_000);
    expect(catalog.stale).toBeUndefined();
    await settled(() => catalog.stale !== undefined);
    expect(catalog.names).toHaveLength(3);
    expect(catalog.stale).toContain("11 min old");
  });
});
