import { catalogFromDocuments, type Evidence, type Mark, writeMarks } from "@oncall-copilot/core";
import { expect, it } from "vitest";
import { knownFacts } from "../../agent-host/src/verify/known-facts.ts";
import { DEFAULT_CATALOG } from "../support/recording.ts";

const asOf = Date.parse("2026-03-01T10:00:10Z");
const catalog = catalogFromDocuments(DEFAULT_CATALOG, "test");
const ago = (minutes: number) => asOf - minutes * 60_000;

let count = 0;
const item = (letter: string, name: string, ...marks: readonly Mark[]): Evidence => ({
  id: `${letter}${String(++count).padStart(16, "A")}`,
  text: "",
  url: "",
  at: "",
  about: [name],
  shows: writeMarks(marks),
});

const known = (...items: readonly Evidence[]) =>
  knownFacts({
    service: "storefront",
    asOf,
    page: asOf,
    catalog,
    evidence: new Map(items.map((one) => [one.id, one])),
  });

it("tells what turned, the earliest first, and what was changed in the last half hour, the latest first", () => {
  const { turned, deployed } = known(
    item("m", "storefront", { shows: "unusual", of: "latency_p99_seconds", from: ago(1) }),
    item("l", "pricing", { shows: "failing", of: "new", from: ago(2) }),
    item("g", "pricing", { shows: "change", of: "abc", from: ago(3) }),
    item("g", "cart", { shows: "change", of: "def", from: ago(1) }),
    item("g", "cart", { shows: "change", of: "old", from: ago(31) }),
  );
  expect(turned.map(({ name, shows }) => [name, shows])).toEqual([
    ["pricing", "failing"],
    ["storefront", "unusual"],
  ]);
  expect(deployed.map(({ of }) => of)).toEqual(["def", "abc"]);
});

it("takes neither load, nor what turned for the better, nor what was there before, for something that turned", () => {
  const { turned } = known(
    item("m", "pricing", { shows: "unusual", load: true, of: "requests_per_second", from: ago(1) }),
    item("m", "pricing", { shows: "unusual", better: true, of: "error_ratio", from: ago(1) }),
    item("l", "pricing", { shows: "failing", of: "rising", from: ago(9) }),
    item("l", "pricing", { shows: "unusual", of: "error", from: ago(10) }),
    item("m", "pricing", { shows: "usual", of: "cpu_ratio", from: ago(10) }),
    item("m", "pricing", { shows: "unusual", of: "in_flight_requests", from: ago(9), to: ago(8) }),
  );
  expect(turned).toEqual([]);
});

it("says each once, and names no owner that the catalog does not", () => {
  const twice = { shows: "unusual", of: "error_ratio", from: ago(1) } as const;
  expect(known(item("m", "pricing", twice), item("m", "pricing", twice)).turned).toHaveLength(1);
  expect(knownFacts({ service: null, asOf, page: asOf, catalog, evidence: new Map() }).owner).toBeNull();
});
