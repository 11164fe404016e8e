import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commonVariables } from "@oncall-copilot/core";
import { afterAll, describe, expect, it } from "vitest";
import { loadServerModule } from "../support/mcp/connect.ts";
import { discoverServers } from "../support/mcp/servers.ts";
import { casesOf } from "./cases.ts";

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

describe("discovery", () => {
  it("finds every server by its folder, and leaves out what has no oncall field", () => {
    const found = discoverServers().map(({ server }) => server);
    expect(found).toEqual(expect.arrayContaining(["git", "history", "logs", "metrics", "runbooks"]));
    expect(found).not.toContain("core");
  });

  it("finds a sixth server by its folder, and says where its contract cases belong", async () => {
    const root = await mkdtemp(join(tmpdir(), "oncall-sixth-"));
    made.push(root);
    await mkdir(join(root, "servers/traces"), { recursive: true });
    const traces = {
      bin: { "oncall-traces": "bin/oncall-traces.cjs" },
      oncall: { server: "traces", letter: "t", environment: ["ONCALL_TRACES_*"] },
    };
    await writeFile(join(root, "servers/traces/package.json"), JSON.stringify(traces));
    const [sixth] = discoverServers(root);
    expect(sixth).toMatchObject({ server: "traces", name: "oncall-traces", letter: "t" });
    expect(() => sixth && casesOf(sixth)).toThrow(
      /servers\/traces has no contract cases: add them to test\/contract\/cases\.ts/,
    );
  });

  it("gives each server a letter of its own, so that an id tells whose receipt it is", () => {
    const letters = discoverServers().map(({ letter }) => letter);
    expect(new Set(letters).size).toBe(letters.length);
  });
});

describe.each(discoverServers())("the variables of $name", (server) => {
  it("are common ones or of the patterns that its package.json declares, so that a host hands them on", async () => {
    const { configSchema } = await loadServerModule(server);
    const declared = (name: string) =>
      server.environment.some((pattern) =>
        pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
      );
    const unknown = Object.keys(configSchema.shape).filter((name) => !(name in commonVariables) && !declared(name));
    expect(unknown).toEqual([]);
    expect(Object.keys(configSchema.shape)).toEqual(expect.arrayContaining(Object.keys(commonVariables)));
  });

  it("each say what they are for", async () => {
    const { configSchema } = await loadServerModule(server);
    const silent = Object.entries(configSchema.shape).filter(
      ([, type]) => !(type as { description?: string }).description,
    );
    expect(silent.map(([name]) => name)).toEqual([]);
  });
});
