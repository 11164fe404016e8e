/**
 * `npm run test:inspector`: the MCP Inspector's command line lists and calls every tool of every built server. It is a
 * second client, written by others, that sees each server the way a user's would.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CaseArguments } from "@oncall-copilot/core/server";
import { z } from "zod";
import { casesOf } from "../contract/cases.ts";
import { makeFixture } from "../contract/fixture.ts";
import { defaultArguments, open } from "../contract/world.ts";
import { serverEnvironment } from "../support/mcp/process.ts";
import { type BuiltServer, discoverServers } from "../support/mcp/servers.ts";
import { asTable } from "../support/table.ts";
import { installInspector } from "./install.ts";

const run = promisify(execFile);
const Listed = z.object({ tools: z.array(z.object({ name: z.string() })) });
const Called = z.object({
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })),
  structuredContent: z.looseObject({ outcome: z.string() }),
});

const inspector = await installInspector();
const fixture = await makeFixture();
const home = await mkdtemp(join(tmpdir(), "oncall-inspector-"));

/** One run of the Inspector's command line against a server; what it prints, parsed. */
async function inspect(server: BuiltServer, args: readonly string[]): Promise<unknown> {
  const { ONCALL_EVIDENCE_KEY = "" } = serverEnvironment({});
  const variables = { ONCALL_RECORDING: fixture.dir, ONCALL_GIT_WORKDIR: home, ONCALL_EVIDENCE_KEY };
  const given = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const { stdout } = await run(
    inspector.node,
    [inspector.script, "--cli", process.execPath, server.bin, ...given, ...args],
    { env: { PATH: process.env["PATH"], HOME: home } },
  );
  return JSON.parse(stdout) as unknown;
}

async function callTool(server: BuiltServer, tool: string, args: CaseArguments): Promise<string> {
  const pairs = Object.entries(args).flatMap(([name, value]) => ["--tool-arg", `${name}=${JSON.stringify(value)}`]);
  const printed = await inspect(server, ["--method", "tools/call", "--tool-name", tool, ...pairs]);
  return Called.parse(printed).structuredContent.outcome;
}

const rows: string[][] = [];
for (const server of discoverServers()) {
  const { tools } = Listed.parse(await inspect(server, ["--method", "tools/list"]));
  const listed = new Set(tools.map(({ name }) => name));
  const opened = await open("in process", server, fixture.dir);
  for (const [tool, test] of Object.entries(casesOf(server))) {
    const args = await defaultArguments(test, fixture, opened);
    const outcome = listed.has(tool) ? await callTool(server, tool, args) : "not called";
    rows.push([tool, server.name, listed.has(tool) ? "yes" : "NO", outcome]);
  }
  await opened.close();
}
await rm(home, { recursive: true, force: true });
await fixture.remove();
process.stdout.write(`${asTable(["tool", "server", "listed", "called"], rows)}\n`);
if (rows.some(([, , listed, outcome]) => listed !== "yes" || outcome !== "found")) process.exitCode = 1;
