import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { unaskedTools } from "../../agent-host/src/engines/rules/inquiry.ts";
import { ROOT } from "../support/mcp/servers.ts";

const run = promisify(execFile);
const node = (script: string, ...args: readonly string[]) =>
  run(process.execPath, [join(ROOT, "scripts", script), ...args]);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "oncall-new-"));
  await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  await cp(join(ROOT, "agent-host/package.json"), join(root, "agent-host/package.json"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it("makes a server of a name and a tool, which meets the contract that every server meets", async () => {
  const { stdout } = await node("new.mjs", "server", "traces", "read_traces", "--root", root);
  expect(stdout).toContain("npm install");
  const declared = JSON.parse(await readFile(join(root, "servers/traces/package.json"), "utf8"));
  expect(declared).toMatchObject({
    name: "@oncall-copilot/traces",
    bin: { "oncall-traces": "bin/oncall-traces.cjs" },
    oncall: { server: "traces", letter: "t", tools: ["read_traces"], environment: ["ONCALL_TRACES_*"] },
  });
  // The host finds it; the rules engine says that it does not know it.
  expect(unaskedTools([{ name: "read_logs" }, ...declared.oncall.tools.map((name: string) => ({ name }))])).toEqual([
    "read_traces",
  ]);
  const host = JSON.parse(await readFile(join(root, "agent-host/package.json"), "utf8"));
  expect(host.dependencies).toMatchObject({ "@oncall-copilot/traces": "0.1.0" });
  await node("build.mjs", "--root", root, "--quiet");
  const contract = ["answers", "definitions", "discovery", "readme"].map((name) => `test/contract/${name}.test.ts`);
  const tested = await run(
    process.execPath,
    [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", ...contract, "--update"],
    { cwd: ROOT, env: { ...process.env, ONCALL_TEST_SERVERS_ROOT: root, NO_COLOR: "1", FORCE_COLOR: "0" } },
  ).catch(({ stdout, stderr }: Record<string, string>) => Promise.reject(new Error(`${stdout}${stderr}`)));
  expect(tested.stdout).toMatch(/Test Files +4 passed/);
}, 240_000);

it.each([
  [["server", "traces"], "usage: npm run new"],
  [["server", "Traces", "read_traces"], 'NAME is one word in lower case, such as traces, not "Traces"'],
  [["server", "traces", "readTraces"], 'TOOL is a verb and what it acts on, such as read_traces, not "readTraces"'],
])("says what it takes when it is given %j", async (args, why) => {
  await expect(node("new.mjs", ...args, "--root", root)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(why),
  });
});
