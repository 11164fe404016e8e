import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NotConfigured } from "@oncall-copilot/core";
import { commonVariables, readEnvironment } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unknownVariables } from "../../core/src/server/config/unknown-variables.ts";
import { connectStdio, loadServerModule } from "../support/mcp/connect.ts";
import { discoverServers, ROOT } from "../support/mcp/servers.ts";
import { casesOf, contractFile } from "./cases.ts";
import { type Fixture, makeFixture } from "./fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await makeFixture();
});
afterAll(() => fixture.remove());

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

describe("discovery", () => {
  it("finds every server by its folder, and leaves out what has no oncall field", () => {
    const found = discoverServers(ROOT).map(({ server }) => server);
    expect(found).toEqual(expect.arrayContaining(["git", "history", "logs", "metrics", "runbooks"]));
    expect(found).not.toContain("core");
  });

  it("finds a sixth server by its folder", async () => {
    const root = await mkdtemp(join(tmpdir(), "oncall-sixth-"));
    made.push(root);
    await mkdir(join(root, "servers/sixth"), { recursive: true });
    const traces = {
      bin: { "oncall-sixth": "bin/oncall-sixth.cjs" },
      version: "0.1.0",
      name: "@oncall-copilot/traces",
      oncall: {
        server: "sixth",
        letter: "t",
        evidence: "traces",
        identifies_cause: true,
        sees_present: true,
        tools: ["read_traces"],
        environment: ["ONCALL_TRACES_*"],
      },
    };
    await writeFile(join(root, "servers/sixth/package.json"), JSON.stringify(traces));
    const [sixth] = discoverServers(root);
    expect(sixth).toMatchObject({ server: "sixth", name: "oncall-sixth", letter: "t" });
    expect(sixth && casesOf(sixth)).toEqual({});
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

  it("are taken for a slip by no other server, since all share one environment", async () => {
    const { configSchema } = await loadServerModule(server);
    const others = (await Promise.all(discoverServers().map(loadServerModule))).flatMap((one) =>
      Object.keys(one.configSchema.shape),
    );
    const env = Object.fromEntries(others.flatMap((name) => [name, `${name}_FILE`]).map((name) => [name, "set"]));
    expect(unknownVariables(server.name, Object.keys(configSchema.shape), env)).toEqual([]);
  });

  it("that each have it answer from something live are declared as such, so that a recording can be asked for alone", async () => {
    const { buildServer, configSchema } = await loadServerModule(server);
    const error = await buildServer(readEnvironment(configSchema, {}) as never).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NotConfigured);
    const choices = Object.keys((error as NotConfigured).choices).filter((name) => name !== "ONCALL_RECORDING");
    expect(server.live).toEqual(expect.arrayContaining(choices));
    expect(Object.keys(configSchema.shape)).toEqual(expect.arrayContaining([...server.live]));
  });

  it("each say what they are for", async () => {
    const { configSchema } = await loadServerModule(server);
    const silent = Object.entries(configSchema.shape).filter(
      ([, type]) => !(type as { description?: string }).description,
    );
    expect(silent.map(([name]) => name)).toEqual([]);
  });
});

describe.each(discoverServers())("the tools of $name", (server) => {
  it("each have their contract cases beside them, in contract.ts", () => {
    expect(Object.keys(casesOf(server)).sort(), contractFile(server)).toEqual([...server.tools].sort());
  });

  it("are those that its package.json declares, so that a host can say whose a tool is that is not there", async () => {
    const { client, close } = await connectStdio(server.bin, { ONCALL_RECORDING: fixture.dir });
    const { tools } = await client.listTools();
    await close();
    expect(tools.map(({ name }) => name).sort()).toEqual([...server.tools].sort());
  });
});
