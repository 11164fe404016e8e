import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openMetrics, type Sample } from "./openmetrics.ts";

const run = promisify(execFile);
const READY_MS = 60_000;

/** A real Prometheus on loopback that holds the samples it was started with and scrapes nothing. */
export interface RunningPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Backfills the samples as blocks and starts Prometheus on them. */
export async function startPrometheus(samples: readonly Sample[]): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-prometheus-"));
  const [text, data, config, log] = ["samples.om", "data", "prometheus.yml", "prometheus.log"].map((name) =>
    join(folder, name),
  );
  await writeFile(text ?? "", openMetrics(samples));
  await writeFile(config ?? "", "global: {}\n");
  await run("promtool", ["tsdb", "create-blocks-from", "openmetrics", text ?? "", data ?? ""]);
  const port = await freePort();
  const child = spawn(
    "sh",
    [
      ...["-c", 'exec prometheus "$@" 2>"$0"', log ?? ""],
      ...[`--config.file=${config}`, `--storage.tsdb.path=${data}`, "--storage.tsdb.retention.time=36500d"],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const stop = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  if (await ready(`${url}/-/ready`, child)) return { url, stop };
  const said = await readFile(log ?? "", "utf8").catch(() => "");
  await stop();
  throw new Error(`Prometheus did not start within ${READY_MS / 1000} s: ${said.slice(-2_000)}`);
}

async function ready(url: string, child: ChildProcess): Promise<boolean> {
  for (const until = Date.now() + READY_MS; Date.now() < until && child.exitCode === null; ) {
    const answered = await fetch(url).catch(() => undefined);
    if (answered?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
