import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { loadServerModule } from "../support/mcp/connect.ts";
import { discoverServers } from "../support/mcp/servers.ts";

describe.each(discoverServers())("the README of $name", (server) => {
  const readme = readFileSync(join(server.folder, "README.md"), "utf8");

  it("has every variable by its full name, so that one can be searched for and pasted", async () => {
    const { configSchema } = await loadServerModule(server);
    const named = new Set(readme.match(/\bONCALL_\w+/g));
    const missing = Object.keys(configSchema.shape).filter((name) => !named.has(name) && !named.has(`${name}_FILE`));
    expect(missing).toEqual([]);
    expect(readme.match(/`(?:\.\.\.)?_[A-Z][A-Z_]+`|`\.\.\.[A-Z_]+`/g)).toBeNull();
  });

  it("has a catalog to begin with, of three lines that can be pasted", async () => {
    const [, yaml = ""] = /`ONCALL_CATALOG` names [\s\S]*?```yaml\n([\s\S]*?)\n```/.exec(readme) ?? [];
    expect(yaml.split("\n")).toHaveLength(3);
    const catalog = await parseCatalog(yaml, "the README");
    expect(catalog.names).toEqual(["storefront", "promotions"]);
    expect(catalog.get("storefront").dependsOn).toEqual(["promotions"]);
    expect(catalog.problems).toEqual([]);
  });
});
