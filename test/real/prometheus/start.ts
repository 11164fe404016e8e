import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Running, startProgram } from "../support/process.ts";
import { openMetrics, type Sample } from "./openmetrics.ts";

const run = promisify(execFile);

/** A real Prometheus on loopback that holds the samples it was started with. */
export type RunningPrometheus = Running;

export interface PrometheusOptions {
  readonly flags?: readonly string[];
  /** What prometheus.yml holds. By default nothing is scraped. */
  readonly config?: string;
}

/** Backfills the samples as blocks and starts Prometheus on them. */
export async function startPrometheus(
  samples: readonly Sample[],
  { flags = [], config: yaml = "global: {}\n" }: PrometheusOptions = {},
): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "oncall-prometheus-"));
  const [text, data, config] = [join(folder, "samples.om"), join(folder, "data"), join(folder, "prometheus.yml")];
  const remove = () => rm(folder, { recursive: true, force: true });
  await writeFile(text, openMetrics(samples));
  await writeFile(config, yaml);
  if (samples.length > 0) await run("promtool", ["tsdb", "create-blocks-from", "openmetrics", text, data]);
  try {
    const { url, stop } = await startProgram({
      ...{ name: "Prometheus", program: "prometheus", ready: "/-/ready", log: join(folder, "prometheus.log") },
      args: (port) => [
        ...[`--config.file=${config}`, `--storage.tsdb.path=${data}`, "--storage.tsdb.retention.time=36500d"],
        ...[`--web.listen-address=127.0.0.1:${port}`, ...flags],
      ],
    });
    return { url, stop: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
