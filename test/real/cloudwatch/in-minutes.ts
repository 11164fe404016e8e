import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { samplesOf } from "../prometheus/openmetrics.ts";

/** One sample of a recording whose periods are minutes: epoch seconds, a whole minute, at the end of its period. */
export interface MinuteSample {
  readonly at: number;
  readonly service: string;
  readonly signal: string;
  readonly value: number;
}

export interface MinuteRecording {
  readonly dir: string;
  /** The moment that stands for the recording's own as-of, epoch ms. */
  readonly asOf: number;
  readonly samples: readonly MinuteSample[];
}

/**
 * The recording in slow motion, since CloudWatch keeps minutes and ours has a sample every quarter of one: each sample becomes one
 * of a minute, told backwards from the recording's end. Only some signals: moto looks through everything for every period.
 */
export async function inMinutes(dir: string, signals: readonly string[]): Promise<MinuteRecording> {
  const all = samplesOf(join(dir, "metrics.csv.gz")).filter(({ name }) => signals.includes(name));
  const step = 15;
  const last = Math.max(...all.map(({ at }) => at));
  const end = Math.floor(last / 60) * 60;
  const samples = all
    .map(({ at, name, labels, value }) => ({
      ...{ at: end - Math.round((last - at) / step) * 60, service: labels["service"] ?? "", signal: name, value },
    }))
    .sort((a, b) => a.at - b.at);
  const made = await mkdtemp(join(tmpdir(), "oncall-minutes-"));
  for (const file of ["alert.json", "catalog.yaml"]) await cp(join(dir, file), join(made, file));
  const rows = samples.map(
    ({ at, service, signal, value }) => `${new Date(at * 1000).toISOString()},${service},${signal},${value}\n`,
  );
  await writeFile(join(made, "metrics.csv.gz"), gzipSync(`timestamp,service,signal,value\n${rows.join("")}`));
  return { dir: made, asOf: end * 1000, samples };
}
