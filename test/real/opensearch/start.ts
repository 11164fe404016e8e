import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/process.ts";
import { javaFor, type Major, NODES, opensearchJars } from "./install.ts";

const READY_MS = 240_000;

/** A real OpenSearch node on loopback, without data. */
export interface RunningOpenSearch {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a node with a bounded heap. It ends with this process, since its standard input does. */
export async function startOpenSearch(major: Major = 2): Promise<RunningOpenSearch> {
  const program = await javaFor(major);
  if (program === undefined) throw new Error(`cannot start OpenSearch ${major}: it wants Java ${NODES[major].java}`);
  const jars = await opensearchJars(major);
  const folder = await mkdtemp(join(tmpdir(), "oncall-opensearch-"));
  const [port, log] = [await freePort(), join(folder, "node.log")];
  const java = ["-Xms512m", "-Xmx1g", "-cp", join(jars, "*"), join(import.meta.dirname, "OpenSearchNode.java")];
  const started = [log, program, ...java, join(folder, "node"), String(port)];
  const child = spawn("sh", ["-c", 'program=$1; shift; exec "$program" "$@" >"$0" 2>&1', ...started], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const stop = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  if (await ready(`${url}/_cluster/health?wait_for_status=green&timeout=5s`, child)) return { url, stop };
  const said = await readFile(log, "utf8").catch(() => "");
  await stop();
  throw new Error(`OpenSearch did not start within ${READY_MS / 1000} s: ${said.slice(-2_000)}`);
}

async function ready(url: string, child: ChildProcess): Promise<boolean> {
  for (const until = Date.now() + READY_MS; Date.now() < until && child.exitCode === null; ) {
    const answered = await fetch(url).catch(() => undefined);
    if (answered?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.stdin?.end();
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(late);
}
