import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { sleep } from "../shell.ts";

export interface Program {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes what the program prints, both streams. */
  readonly output: string;
}

const running = new Set<ChildProcess>();

/** Nothing outlives the lab, however it ends. */
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

/** Starts a program that writes straight to a file, so that nothing it says passes through the lab. */
export function start(program: Program): ChildProcess {
  const [executable, ...args] = program.command;
  if (executable === undefined) throw new Error("an empty command");
  const file = openSync(program.output, "a");
  const child = spawn(executable, args, { cwd: program.cwd, env: program.env, stdio: ["ignore", file, file] });
  closeSync(file);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Asks a program to end and, if it does not, ends it. */
export async function stop(child: ChildProcess, patienceMs = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await ended;
  clearTimeout(timer);
}

/** Waits until a URL answers with success. */
export async function untilReady(url: string, child: ChildProcess, what: string, patienceMs = 30_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${what} ended at once, with code ${child.exitCode}`);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(150);
  }
  throw new Error(`${what} was not ready within ${patienceMs / 1000} s at ${url}`);
}
