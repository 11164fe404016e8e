import { parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { openingMessage } from "../../../agent-host/src/engines/claude/prompt.ts";

const entity = (name: string, below: readonly string[], kind = "Component") =>
  `kind: ${kind}\nmetadata: {name: ${name}}\nspec: {dependsOn: [${below.join(", ")}]}`;
const catalog = await parseCatalog(
  [
    entity("storefront", ["pricing"]),
    entity("search", ["pricing"]),
    entity("pricing", ["pricing-db"]),
    entity("pricing-db", [], "Resource"),
  ].join("\n---\n"),
  "catalog",
);
const incident = {
  ...{ alert: "QuoteLatencyHigh", fingerprint: "f", status: "firing", service: "pricing", severity: "page" },
  ...{ summary: "slow", description: "", started_at: "2026-03-01T10:00:00Z", labels: {}, annotations: {}, related: [] },
};
const alert = { id: `a${"x".repeat(16)}`, text: "slow", url: "u", at: "t", about: [], shows: "" };
const opening = (service: string | null) =>
  openingMessage({ incident, alert, asOf: Date.parse("2026-03-01T10:05:00Z"), catalog, service } as never);

describe("the first message of an investigation", () => {
  it("says what the alert's service depends on, and who calls it and would feel its trouble", () => {
    const message = opening("pricing");
    expect(message).toContain("the alert's service is pricing. It is called by storefront, search.");
    expect(message).toContain("hop 1: pricing-db (resource");
    expect(opening("storefront")).not.toContain("It is called by");
  });

  it("lists the catalog's names when none fits the alert", () => {
    expect(opening(null)).toContain("The catalog has: storefront, search, pricing, pricing-db");
  });
});
