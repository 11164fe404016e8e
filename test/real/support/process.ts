import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";

/** A program of a test's own, on loopback, with what it printed in a file. */
export interface Running {
  readonly url: string;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

export interface Starting {
  readonly name: string;
  readonly program: string;
  /** Given the port to listen at. */
  readonly args: (port: number) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Path that answers with a status up to 299 as soon as it is ready. */
  readonly ready: string;
  /** Where what it prints goes. */
  readonly log: string;
  /** How long it may take to become ready, in milliseconds. Default 60,000. */
  readonly readyMs?: number;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Starts a program on a free port of loopback and waits until it is ready; throws with the end of its log when it is not. */
export async function startProgram(starting: Starting): Promise<Running> {
  const { name, program, args, env, cwd, log, readyMs = 60_000 } = starting;
  const port = await freePort();
  const child = spawn("sh", ["-c", 'program=$1; shift; exec "$program" "$@" >"$0" 2>&1', log, program, ...args(port)], {
    stdio: "ignore",
    ...(env ? { env } : {}),
    ...(cwd ? { cwd } : {}),
  });
  const url = `http://127.0.0.1:${port}`;
  if (await isReady(`${url}${starting.ready}`, child, readyMs)) return { url, stop: () => ended(child) };
  await ended(child);
  const said = await readFile(log, "utf8").catch(() => "");
  throw new Error(`${name} did not start within ${readyMs / 1000} s: ${said.slice(-2_000)}`);
}

async function isReady(url: string, child: ChildProcess, ms: number): Promise<boolean> {
  for (const until = Date.now() + ms; Date.now() < until && child.exitCode === null; ) {
    const answered = await fetch(url).catch(() => undefined);
    if (answered?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Asks a child to end, and waits until it has. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
