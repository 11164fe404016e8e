import { describe, expect, it } from "vitest";
import { addressOf } from "../../../servers/git/src/stores/github/address.ts";
import { BoundedCache } from "../../../servers/git/src/stores/github/bounded-cache.ts";
import { readSlug, upstreamOf } from "../../../servers/git/src/stores/github/name.ts";
import { pace } from "../../../servers/git/src/stores/github/pace.ts";

describe("the address of GitHub", () => {
  it.each([
    ["https://api.github.com", "https://api.github.com/", "https://github.com"],
    ["https://github.com", "https://api.github.com/", "https://github.com"],
    ["https://northwind.ghe.com", "https://api.northwind.ghe.com/", "https://northwind.ghe.com"],
    ["https://api.northwind.ghe.com/", "https://api.northwind.ghe.com/", "https://northwind.ghe.com"],
    ["https://github.northwind.example", "https://github.northwind.example/api/v3", "https://github.northwind.example"],
    [
      "https://github.northwind.example/api/v3/",
      "https://github.northwind.example/api/v3",
      "https://github.northwind.example",
    ],
    ["http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080"],
  ])("%s has its API at %s and its pages at %s", (given, api, web) => {
    expect(addressOf(given)).toMatchObject({ web, api: new URL(api) });
  });
});

describe("the upstream of a service", () => {
  const entry = (annotations: Record<string, string>) =>
    ({ name: "pricing", kind: "service", annotations }) as unknown as Parameters<typeof upstreamOf>[0];
  const github = addressOf("https://api.github.com");
  const location = (url: string) => entry({ "backstage.io/source-location": `url:${url}` });

  it("is the project slug, else where the source is", () => {
    expect(upstreamOf(entry({ "github.com/project-slug": "northwind/shop" }), "main", github)).toEqual({
      owner: "northwind",
      repo: "shop",
    });
    expect(upstreamOf(location("https://github.com/northwind/shop.git"), "main", github)).toEqual({
      owner: "northwind",
      repo: "shop",
    });
    expect(upstreamOf(location("https://github.com/a/b/tree/main/c/"), "main", github)).toEqual({
      owner: "a",
      repo: "b",
    });
  });

  it.each([
    ["another forge's", location("https://gitlab.com/a/b"), /no repository of https:\/\/github.com/],
    ["a slug that climbs", entry({ "github.com/project-slug": "a/.." }), /is none/],
    ["a slug with more parts", entry({ "github.com/project-slug": "a/b/c" }), /is none/],
    ["nothing", entry({}), /names no repository for pricing/],
  ])("is not taken from %s", (_, from, words) => {
    expect(() => upstreamOf(from, "main", github)).toThrow(words);
  });

  it("is never a path of its own making", () => {
    for (const text of ["a", "a/", "/a", "a/b?c", "a/b#c", "a b/c", "../c", "a/."])
      expect(readSlug(text)).toBeUndefined();
  });
});

describe("what is kept of GitHub's answers", () => {
  it("goes when there is too much of it, what was used longest ago first", () => {
    const cache = new BoundedCache<string>(10);
    cache.set("a", "1", 4);
    cache.set("b", "2", 4);
    expect(cache.get("a")).toBe("1");
    cache.set("c", "3", 4);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual(["1", undefined, "3"]);
    cache.set("c", "4", 4);
    expect([cache.get("a"), cache.get("c")]).toEqual(["1", "4"]);
  });
});

describe("the pace of writes", () => {
  it("leaves a pause between two, and none before the first", async () => {
    const turns = pace(120).key("any");
    const began = performance.now();
    const times = await Promise.all([1, 2, 3].map(() => turns.schedule({}, () => performance.now() - began)));
    expect(times[1]).toBeGreaterThan(110);
    expect(times[2]).toBeGreaterThan(230);
  });
});
