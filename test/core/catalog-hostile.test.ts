import { CatalogError, parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

const component = (name: string, rest = "") =>
  `kind: Component\nmetadata:\n  name: ${name}\n${rest}spec:\n  type: service\n`;

describe("a catalog file", () => {
  it.each([
    ["an alias bomb", `a: &a [1,1,1,1,1,1,1,1,1,1]\n${bomb("a", "bcdefghij")}${component("x")}`],
    ["an alias without its anchor", "kind: *missing\n"],
    ["brackets without an end", "[".repeat(20_000)],
  ])("with %s is refused as a wrong catalog", async (_what, text) => {
    await expect((async () => (await parseCatalog(text, "catalog.yaml")).names)()).rejects.toThrow(CatalogError);
  });

  it("cannot change what every object inherits", async () => {
    const annotations = "  annotations:\n    __proto__: polluted\n    constructor: c\n";
    const catalog = await parseCatalog(`${component("__proto__", annotations)}---\n${component("toString")}`, "c");
    expect(catalog.names).toEqual(["__proto__", "toString"]);
    expect(catalog.find("__proto__")?.name).toBe("__proto__");
    expect(catalog.find("valueOf")).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("calls a service by its name even when another has that for a title", async () => {
    const catalog = await parseCatalog(
      `${component("gateway", "  title: Payments\n")}---\n${component("payments")}`,
      "c",
    );
    expect(catalog.find("payments")?.name).toBe("payments");
    expect(catalog.find("PAYMENTS")?.name).toBe("payments");
  });
});

function bomb(first: string, names: string): string {
  const all = [first, ...names];
  return [...names]
    .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${all[index]}`).join(",")}]\n`)
    .join("");
}
