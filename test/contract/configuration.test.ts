import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@oncall-copilot/core";
import { readEnvironment } from "@oncall-copilot/core/server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { connectStdio, loadServerModule } from "../support/mcp/connect.ts";
import { endProcesses, FIXED_KEY, ServerProcess } from "../support/mcp/process.ts";
import { discoverServers } from "../support/mcp/servers.ts";
import { type Fixture, makeFixture } from "./fixture.ts";

let fixture: Fixture;
let home: string;
beforeAll(async () => {
  fixture = await makeFixture();
  home = await mkdtemp(join(tmpdir(), "oncall-configuration-"));
});
afterEach(endProcesses);
afterAll(() => Promise.all([fixture.remove(), rm(home, { recursive: true, force: true })]));

/** How a server that is not meant to serve ends: its code and what it printed. */
async function run(bin: string, env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const server = new ServerProcess(bin, env, args);
  const { code } = await server.ended;
  return { code, stdout: server.lines.join("\n"), stderr: server.stderr };
}

describe.each(discoverServers())("$name", (server) => {
  it("says which variables would configure it when there is no backend, and ends with code 2", async () => {
    const { code, stdout, stderr } = await run(server.bin, {});
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(`${server.name} has no backend configured`);
    expect(stderr).toMatch(/ONCALL_RECORDING {2}\w/);
    expect(stderr).not.toContain("    at ");
  });

  it("prints its version, which is its package's", async () => {
    const { code, stdout } = await run(server.bin, {}, ["--version"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "0.1.0" });
  });

  it("prints every variable it reads, and its exit codes, when asked for help", async () => {
    const { code, stdout } = await run(server.bin, {}, ["--help"]);
    expect(code).toBe(0);
    const { configSchema } = await loadServerModule(server);
    for (const [name, type] of Object.entries(configSchema.shape) as [string, z.ZodType][]) {
      const line = new RegExp(`^ {2}${name} +(\\S.*)`, "m").exec(stdout)?.[1];
      const { data } = type.safeParse(undefined);
      // What holds where it is not set.
      if (data !== undefined && typeof data !== "object") expect(line, name).toMatch(/\bdefault/);
      expect(line, name).toBeDefined();
    }
    expect(stdout).toContain("Exit codes:");
  });

  it.each([["--no-such-flag"], ["--http"], ["stray"]])("refuses %s with code 2", async (flag) => {
    const { code, stdout, stderr } = await run(server.bin, { ONCALL_RECORDING: fixture.dir }, [flag]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("see --help");
    expect(stderr).not.toContain("    at ");
  });

  it.each([
    ["ONCALL_RECORDING", "/no/such/folder", /ONCALL_RECORDING: \/no\/such\/folder is not a folder/],
    ["ONCALL_CATALOG", "/no/such/file", /\/no\/such\/file .*ONCALL_CATALOG/],
    ["ONCALL_AS_OF", "yesterday", /ONCALL_AS_OF: /],
    [
      "ONCALL_TIMEOUT_SECONDS",
      "-1",
      /ONCALL_TIMEOUT_SECONDS: takes a number more than 0, not "-1" \(seconds that one call may take/,
    ],
    ["ONCALL_LOG_LEVEL", "loud", /ONCALL_LOG_LEVEL: takes error, warn, info or silent, not "loud" \(/],
    ["ONCALL_SCOPES", "everything", /ONCALL_SCOPES: "everything" grants nothing/],
    ["ONCALL_EVIDENCE_KEY", "hunter2", /ONCALL_EVIDENCE_KEY must hold 64 hex digits/],
  ])("refuses a wrong %s with code 2 and says what it takes", async (name, value, message) => {
    const { code, stderr } = await run(server.bin, { ONCALL_RECORDING: fixture.dir, [name]: value });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/hunter2| {4}at /);
  });

  it.each(["-1", "1e12", "?? ??", "[7]", '{"a": 7}', "x".repeat(500)])(
    "says in words of its own what a variable takes that is set to %s",
    async (value) => {
      const { configSchema } = await loadServerModule(server);
      const messages = Object.keys(configSchema.shape).flatMap((name) => {
        try {
          readEnvironment(configSchema, { [name]: value });
          return [];
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return String((error as Error).message);
        }
      });
      expect(messages.length).toBeGreaterThan(1);
      for (const message of messages) {
        expect(message).toMatch(/^ONCALL_\w+: \S/);
        expect(message).not.toMatch(/Invalid|[Ee]xpected|received|[<>]=|Too (?:big|small)|NaN|x{60}/);
      }
    },
  );

  it.each([
    ["stdio", []],
    ["HTTP", ["--http", "127.0.0.1:0"]],
  ])("refuses a catalog that is no catalog with code 2 over %s, and says where it is wrong", async (_, args) => {
    const catalog = join(home, "catalog.yaml");
    await writeFile(catalog, "kind: Component\nmetadata: { name: shop }\nspec: {}\n---\nkind: Component\nspec: [\n");
    const { code, stdout, stderr } = await run(
      server.bin,
      { ONCALL_RECORDING: fixture.dir, ONCALL_CATALOG: catalog },
      args,
    );
    expect(stderr).toMatch(/catalog\.yaml, document 2: /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toMatch(/ {4}at |listening/);
  });

  it("reads any variable from a file instead, as container secrets are given", async () => {
    const file = join(home, "recording");
    await writeFile(file, `${fixture.dir}\n`);
    const { client, close } = await connectStdio(server.bin, { ONCALL_RECORDING_FILE: file });
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    await close();
  });

  it("answers as of any moment it is told, and never from later", async () => {
    const env = { ONCALL_RECORDING: fixture.dir, ONCALL_AS_OF: "2026-02-27T12:00:00+02:00" };
    const { client, close } = await connectStdio(server.bin, env);
    for (const { name, inputSchema } of (await client.listTools()).tools) {
      if (inputSchema.required?.join() !== "service") continue;
      const { content } = await client.callTool({ name, arguments: { service: "pricing" } });
      const years = [...JSON.stringify(content).matchAll(/2026-\d\d-\d\dT[\d:]+/g)].map(([time]) => time);
      for (const time of years) expect(time <= "2026-02-27T10:00:00", `${name}: ${time}`).toBe(true);
    }
    await close();
  });
});

describe("scopes", () => {
  const git = discoverServers().find(({ server }) => server === "git");

  it("offer only the tools that they grant, and the others cannot be called", async () => {
    const env = { ONCALL_RECORDING: fixture.dir, ONCALL_SCOPES: "logs:read, git:read" };
    const { client, close } = await connectStdio(git?.bin ?? "", env);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["read_changes", "read_file"]);
    await expect(client.callTool({ name: "open_pr", arguments: {} })).rejects.toThrow(/unknown tool "open_pr"/);
    await close();
  });

  it("offer all that a server has unless told otherwise", async () => {
    const { client, close } = await connectStdio(git?.bin ?? "", { ONCALL_RECORDING: fixture.dir, ONCALL_SCOPES: "" });
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("open_pr");
    await close();
  });
});

describe("the evidence key", () => {
  it("of another installation gives other receipts for the same facts", async () => {
    const [logs] = discoverServers().filter(({ server }) => server === "logs");
    const ids = await Promise.all(
      [FIXED_KEY, "ab".repeat(32)].map(async (key) => {
        const env = { ONCALL_RECORDING: fixture.dir, ONCALL_EVIDENCE_KEY: key };
        const { client, close } = await connectStdio(logs?.bin ?? "", env);
        const { content } = await client.callTool({ name: "read_logs", arguments: { service: "pricing" } });
        await close();
        return [...JSON.stringify(content).matchAll(/evidence id=\\"([^\\]+)/g)].map(([, id]) => id);
      }),
    );
    expect(ids[0]?.length).toBeGreaterThan(0);
    expect(ids[0]?.filter((id) => ids[1]?.includes(id))).toEqual([]);
  });

  it("is made in the home of whoever starts the first server, for that person alone", async () => {
    const [logs] = discoverServers().filter(({ server }) => server === "logs");
    const config = await mkdtemp(join(home, "config-"));
    const env = { ONCALL_RECORDING: fixture.dir, ONCALL_EVIDENCE_KEY: "", XDG_CONFIG_HOME: config };
    const { client, close } = await connectStdio(logs?.bin ?? "", env);
    await client.listTools();
    await close();
    const file = join(config, "oncall-copilot/evidence.key");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, "utf8")).trim()).toMatch(/^[0-9a-f]{64}$/);
  });
});
