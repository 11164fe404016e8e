import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RankedNode, rankSuspects } from "../../servers/metrics/src/ranking/rank.ts";
import { around, change, FROM } from "./given.ts";

/** storefront -> checkout -> pricing -> promotions, and search beside checkout. */
const NODES: readonly RankedNode[] = [
  { name: "storefront", hops: 0, dependsOn: ["checkout", "search"] },
  { name: "checkout", hops: 1, dependsOn: ["pricing"] },
  { name: "search", hops: 1, dependsOn: [] },
  { name: "pricing", hops: 2, dependsOn: ["promotions"] },
  { name: "promotions", hops: 3, dependsOn: [] },
];

const turning = (service: string, signal: string, usual: number, then: number, minute: number) =>
  change(service, signal, (at) => (at >= minute ? then : around(usual, usual / 20)(at)));
const latency = (service: string, then: number, minute: number) =>
  turning(service, "latency_avg_seconds", 0.05, then, minute);
const names = (changes: Parameters<typeof rankSuspects>[1]) =>
  rankSuspects(NODES, changes, FROM)
    .filter(({ score }) => score > 0)
    .map(({ name }) => name);

describe("ranking the suspects of a walk", () => {
  it("puts the deepest and earliest mover first, not the loudest", () => {
    const changes = [
      latency("storefront", 9, 6),
      latency("checkout", 6, 5),
      latency("pricing", 2, 5),
      latency("promotions", 0.6, 4),
    ];
    const ranked = rankSuspects(NODES, changes, FROM);
    expect(ranked[0]?.name).toBe("promotions");
    expect(ranked[0]).toMatchObject({ carriedBy: "pricing", explainedBy: undefined });
    expect(ranked.find(({ name }) => name === "checkout")?.explainedBy).toBe("pricing");
  });

  it("goes by each service alone without the walk, and by the deepest, however late, without the order of onsets", () => {
    const alone = rankSuspects(NODES, [latency("checkout", 6, 5), latency("promotions", 2, 4)], FROM, {
      walk: false,
      onset: true,
    });
    expect(alone.map(({ score }) => score)).toEqual(alone.map(({ own }) => own));
    expect(alone.every(({ explainedBy, carriedBy }) => explainedBy === undefined && carriedBy === undefined)).toBe(
      true,
    );
    const late = [latency("checkout", 2, 1), latency("pricing", 2, 12)];
    const found = rankSuspects(NODES, late, FROM, { walk: true, onset: false });
    expect(found.find(({ name }) => name === "checkout")?.explainedBy).toBe("pricing");
  });

  it("does not put a caller's trouble down to a dependency that turned long after it", () => {
    const ranked = rankSuspects(NODES, [latency("checkout", 2, 1), latency("pricing", 2, 12)], FROM);
    expect(ranked[0]?.name).toBe("checkout");
    expect(ranked[0]?.explainedBy).toBeUndefined();
  });

  it("doubts trouble of which no caller shows anything", () => {
    const carried = [latency("storefront", 2, 5), latency("checkout", 2, 5), latency("search", 2, 5)];
    const scoreOf = (changes: typeof carried, name: string) =>
      rankSuspects(NODES, changes, FROM).find((suspect) => suspect.name === name)?.score ?? 0;
    expect(scoreOf([latency("search", 2, 5)], "search")).toBeLessThan(scoreOf(carried, "search"));
  });

  it("puts what turned now before what has been so for long", () => {
    expect(names([latency("checkout", 2, -25), latency("search", 2, 4)])[0]).toBe("search");
  });

  it("hardly suspects anyone at a traffic peak that fills and slows everything in proportion", () => {
    const peak = ["storefront", "checkout", "search"].flatMap((service) => [
      turning(service, "requests_per_second", 20, 60, 4),
      turning(service, "cpu_cores", 0.2, 0.6, 4),
      turning(service, "latency_avg_seconds", 0.05, 0.1, 4),
      change(service, "error_ratio", () => 0.001),
    ]);
    for (const { score } of rankSuspects(NODES, peak, FROM)) expect(score).toBeLessThan(0.35);
  });

  it("does suspect a service whose errors rise with the traffic", () => {
    const changes = [
      turning("checkout", "requests_per_second", 20, 60, 4),
      turning("checkout", "error_ratio", 0.001, 0.3, 4),
    ];
    expect(rankSuspects(NODES, changes, FROM)[0]).toMatchObject({ name: "checkout" });
    expect(rankSuspects(NODES, changes, FROM)[0]?.score).toBeGreaterThan(0.5);
  });

  it("suspects a resource that is full more than one that is fuller than usual", () => {
    const full = [turning("pricing", "cpu_ratio", 0.05, 0.99, 4), turning("search", "cpu_ratio", 0.05, 0.4, 4)];
    expect(names(full)[0]).toBe("pricing");
  });

  it("suspects a service that has gone silent altogether, and hardly one of which some signals have", () => {
    const silent = (service: string, signal: string) => change(service, signal, (at) => (at > 4 ? undefined : 0.3));
    const changes = [
      silent("pricing", "cpu_ratio"),
      silent("pricing", "memory_ratio"),
      silent("search", "cpu_ratio"),
      change("search", "memory_ratio", () => 0.3),
    ];
    const ranked = rankSuspects(NODES, changes, FROM);
    expect(ranked[0]).toMatchObject({ name: "pricing", main: { status: "stopped" } });
    expect(ranked.find(({ name }) => name === "search")?.score).toBeLessThan(0.1);
  });

  it("gives what a service measures of its own calls to those it calls", () => {
    const changes = [turning("checkout", "client_latency_avg_seconds", 0.05, 2, 4), latency("pricing", 0.5, 4)];
    expect(names(changes)[0]).toBe("pricing");
  });

  it("ranks the same whatever the order it is given, and scores from 0 to 1", () => {
    const changes = [
      latency("storefront", 9, 6),
      latency("checkout", 6, 5),
      latency("pricing", 2, 5),
      latency("promotions", 0.6, 4),
      turning("search", "cpu_ratio", 0.1, 0.8, 2),
    ];
    const expected = rankSuspects(NODES, changes, FROM).map(({ name, score }) => [name, score]);
    const anyOrder = fc.tuple(
      fc.shuffledSubarray([...NODES], { minLength: NODES.length }),
      fc.shuffledSubarray(changes, { minLength: changes.length }),
    );
    fc.assert(
      fc.property(anyOrder, ([nodes, shuffled]) => {
        expect(rankSuspects(nodes, shuffled, FROM).map(({ name, score }) => [name, score])).toEqual(expected);
      }),
    );
    for (const [, score] of expected) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });
});
