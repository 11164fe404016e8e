import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { serverEnvironment } from "../support/mcp/process.ts";
import { discoverServers, ROOT } from "../support/mcp/servers.ts";
import { interleaved, median, ratio, rounded } from "./measure.ts";
import type { BenchOptions, Section } from "./section.ts";
import { DEMO, timeStart } from "./start.ts";

const run = promisify(execFile);
/** The demo's promise, in milliseconds. */
const MAX_MS = 10_000;

async function triage(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), "oncall-bench-"));
  const started = performance.now();
  const args = [
    "triage",
    join(DEMO, "alert.json"),
    "--recording",
    DEMO,
    "--engine",
    "rules",
    "--out",
    join(home, "out"),
    "--quiet",
  ];
  await run(process.execPath, [join(ROOT, "agent-host/bin/oncall.cjs"), ...args], {
    env: serverEnvironment({ ONCALL_GIT_WORKDIR: join(home, "git"), HOME: home }),
    cwd: home,
  });
  const ms = performance.now() - started;
  await rm(home, { recursive: true, force: true });
  return ms;
}

/** The five servers one after the other, each until it has listed its tools. */
async function starts(): Promise<number> {
  let sum = 0;
  for (const { bin } of discoverServers()) sum += (await timeStart(bin, { ONCALL_RECORDING: DEMO })).wall;
  return sum;
}

/** One whole triage by the rules engine against starting its servers alone. */
export async function benchTriage({ runs = 5, progress }: BenchOptions): Promise<Section> {
  progress("triaging the demo's alert");
  const FLOOR = "starting the five servers, one after the other";
  const times = await interleaved<number>({ [FLOOR]: starts, "oncall triage": triage }, runs);
  return {
    title: "One whole triage",
    about: `The demo's recording, rules engine, draft pull request on a local fork; medians of ${runs} interleaved runs.`,
    head: ["case", "ms", "ratio"],
    rows: Object.entries(times).map(([name, ms]) => [
      name,
      Math.round(median(ms)),
      rounded(ratio(ms, times[FLOOR] ?? [])),
    ]),
    goals: [{ what: "one triage, in ms", measured: Math.round(median(times["oncall triage"] ?? [])), most: MAX_MS }],
  };
}
