import { join } from "node:path";
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import { encode } from "gpt-tokenizer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, TRANSPORTS, type TransportName } from "../support/mcp/connect.ts";
import { endProcesses } from "../support/mcp/process.ts";
import { discoverServers } from "../support/mcp/servers.ts";
import { asTable } from "../support/table.ts";
import { casesOf } from "./cases.ts";
import { type Fixture, makeFixture } from "./fixture.ts";
import { SNAPSHOTS } from "./snapshots.ts";

/** Tokens of name, description and input schema, all tools together. */
const MAX_TOKENS = 2_500;

const servers = discoverServers();
/** Tools as `tools/list` shows them, by server. */
const listed = new Map<string, readonly Tool[]>();

let fixture: Fixture;
beforeAll(async () => {
  fixture = await makeFixture();
  for (const server of servers) {
    const { client, close } = await connect("stdio", server, { ONCALL_RECORDING: fixture.dir });
    listed.set(server.name, (await client.listTools()).tools);
    await close();
  }
});
afterAll(async () => {
  await endProcesses();
  await fixture.remove();
});

const toolsOf = (name: string) => listed.get(name) ?? [];
/** What a model is given of a tool. */
const definition = ({ name, description, inputSchema }: Tool) => JSON.stringify({ name, description, inputSchema });

describe.each(servers)("the tools of $name", (server) => {
  it("are the ones that the contract has cases for", () => {
    expect(toolsOf(server.name).map(({ name }) => name)).toEqual(Object.keys(casesOf(server)));
  });

  it("are listed as they are written down", async () => {
    const text = `${JSON.stringify(toolsOf(server.name), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(SNAPSHOTS, "tools", `${server.server}.json`));
  });

  it.each(TRANSPORTS.filter((over) => over !== "stdio"))("are listed the same over %s", async (over: TransportName) => {
    const { client, close } = await connect(over, server, { ONCALL_RECORDING: fixture.dir });
    expect((await client.listTools()).tools).toEqual(toolsOf(server.name));
    await close();
  });

  it("come with all that a client and its user need to judge them", () => {
    for (const tool of toolsOf(server.name)) {
      expect(tool.title, tool.name).toMatch(/^[A-Z]/);
      expect(tool.description, tool.name).toMatch(/\.$/);
      expect(tool._meta?.["oncall/scope"], tool.name).toMatch(/^[a-z]+:(read|propose)$/);
      expect(tool.outputSchema, tool.name).toMatchObject({ type: "object", required: ["outcome"] });
    }
  });

  it("are read-only, but for those of scope propose, which say that they write", () => {
    for (const { name, annotations, _meta } of toolsOf(server.name)) {
      const reads = String(_meta?.["oncall/scope"]).endsWith(":read");
      expect({ name, ...annotations }).toMatchObject({ name, readOnlyHint: reads, destructiveHint: false });
    }
  });

  it("take flat arguments: none unknown, no unions, which some clients advertise as empty", () => {
    for (const { name, inputSchema } of toolsOf(server.name)) {
      expect(inputSchema, name).toMatchObject({ type: "object", additionalProperties: false });
      expect(JSON.stringify(inputSchema), name).not.toMatch(/"(anyOf|oneOf|allOf|\$ref|if)"/);
      expect(inputSchema.required, name).toContain("service");
    }
  });
});

describe("all tools together", () => {
  it("take a name of their own each", () => {
    const names = servers.flatMap(({ name }) => toolsOf(name).map((tool) => tool.name));
    expect(new Set(names).size).toBe(names.length);
  });

  it("write with one tool only", () => {
    const writing = servers.flatMap(({ name }) => toolsOf(name).filter((tool) => !tool.annotations?.readOnlyHint));
    expect(writing.map(({ name }) => name)).toEqual(
      servers.some(({ tools }) => tools.includes("open_pr")) ? ["open_pr"] : [],
    );
  });

  it(`cost fewer than ${MAX_TOKENS} tokens of name, description and input schema`, () => {
    const costs = servers.flatMap(({ name }) =>
      toolsOf(name).map((tool) => [tool.name, encode(definition(tool)).length] as const),
    );
    const total = costs.reduce((sum, [, tokens]) => sum + tokens, 0);
    console.log(asTable(["tool", "tokens of its definition"], [...costs, ["together", total]]));
    expect(costs.length).toBeGreaterThan(0);
    expect(total).toBeLessThan(MAX_TOKENS);
  });
});
