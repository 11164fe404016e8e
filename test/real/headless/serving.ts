import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../support/mcp/servers.ts";
import { ended } from "../support/process.ts";

const run = promisify(execFile);
const BIN = join(ROOT, "agent-host/bin/oncall.cjs");

/** The command and the servers as they are shipped; ONCALL_TEST_BUILT leaves those that lie there. */
export const buildAll = async (): Promise<void> => {
  if (process.env["ONCALL_TEST_BUILT"]) return;
  await run(process.execPath, [join(ROOT, "scripts/build.mjs"), "--quiet"], { cwd: ROOT });
};

/** `oncall serve` as a process of its own; what it says goes to a file. */
export function startServing(env: NodeJS.ProcessEnv, log: string): { readonly stop: () => Promise<void> } {
  const child: ChildProcess = spawn(process.execPath, [BIN, "serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.pipe(createWriteStream(log));
  return { stop: () => ended(child) };
}

/** `oncall ARGS` to its end. */
export async function oncallCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(process.execPath, [BIN, ...args], { env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
