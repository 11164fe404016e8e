import { describe, expect, it } from "vitest";
import { descend } from "../../../agent-host/src/engines/rules/descend.ts";
import type { Seen } from "../../../agent-host/src/engines/rules/look.ts";
import { likelyChange, rankSuspects } from "../../../agent-host/src/engines/rules/rank.ts";
import { ALERT, at, change, pattern, seen } from "./given.ts";

/** storefront -> pricing -> promotions; nobody measures promotions. */
const dependsOn = (name: string) => ({ storefront: ["pricing"], pricing: ["promotions"] })[name] ?? [];
const logs = (...said: [string, string, ("new" | "rising")?][]) =>
  new Map(said.map(([service, when, label]) => [service, { service, patterns: [pattern(service, at(when), label)] }]));
function ranked(more: Partial<Seen>) {
  const all = seen({ dependsOn, ...more });
  return descend(rankSuspects(all, ALERT), all).map(({ name }) => name);
}

describe("from the first suspect the rules go down", () => {
  it("to what it calls, when that logs new errors which began no later, though nobody measures it", () => {
    expect(ranked({ logs: logs(["promotions", "09:56:50"], ["pricing", "09:57:05"]) }).slice(0, 2)).toEqual([
      "promotions",
      "pricing",
    ]);
  });

  it("not to what began to log later, nor to what only logs more than before", () => {
    expect(ranked({ logs: logs(["promotions", "09:59:30"]) })[0]).toBe("pricing");
    expect(ranked({ logs: logs(["promotions", "09:56:50", "rising"]) })[0]).toBe("pricing");
  });

  it("not when a change of its own went live right before it turned", () => {
    const changes = [change("pricing", at("09:56:30"))];
    expect(ranked({ changes, logs: logs(["promotions", "09:56:50"]) })[0]).toBe("pricing");
  });

  it("past an innocent change of its own to one that lies nearer", () => {
    const changes = [change("pricing", at("09:45:00")), change("promotions", at("09:56:40"), { sha: "b".repeat(40) })];
    expect(ranked({ changes, logs: logs(["promotions", "09:56:50"]) })[0]).toBe("promotions");
  });
});

describe("a change to files that nobody owns", () => {
  const shared = change("shared files", at("09:56:30"), { services: [], deployed: ["pricing", "cart"] });

  it("may have broken whom a roll-out brought it to, and nobody else", () => {
    const turned = Date.parse(at("09:57:00"));
    expect(likelyChange("pricing", turned, [shared])?.change).toBe(shared);
    expect(likelyChange("storefront", turned, [shared])).toBeUndefined();
  });
});
