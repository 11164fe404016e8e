import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { endProcesses, ServerProcess } from "../support/mcp/process.ts";
import { discoverServers, ROOT } from "../support/mcp/servers.ts";
import { LINES, LOUD, millionLines, QUIET } from "./generate-logs.ts";
import { interleaved, median, peakMb, ratio, rounded } from "./measure.ts";
import type { BenchOptions, Section } from "./section.ts";

const run = promisify(execFile);

interface Reading {
  readonly ms: number;
  /** Peak resident memory of the whole process. */
  readonly mb: number;
}

async function floor(file: string): Promise<Reading> {
  const script = join(ROOT, "test/bench/floor/read-lines.ts");
  const { stdout } = await run(process.execPath, ["--import", "tsx", script, file, LOUD]);
  return JSON.parse(stdout) as Reading;
}

/** One call of the built server in a process of its own; the start is not counted. */
async function call(bin: string, recording: string, args: Readonly<Record<string, string>>): Promise<Reading> {
  const server = new ServerProcess(bin, { ONCALL_RECORDING: recording, ONCALL_TIMEOUT_SECONDS: "120" });
  await server.initialize();
  const started = performance.now();
  server.call(1, "read_logs", args);
  const { result } = await server.until(() => server.answered(1), "read_logs", 120_000);
  const ms = performance.now() - started;
  if (result?.["isError"]) throw new Error(JSON.stringify(result["content"]));
  const mb = peakMb(server.child.pid ?? 0);
  server.endStdin();
  await server.ended;
  return { ms, mb };
}

/** read_logs over a million lines against unpacking and parsing the same file line by line. */
export async function benchLogs({ runs = 3, progress }: BenchOptions): Promise<Section> {
  progress(`generating ${LINES} log lines, once`);
  const recording = await millionLines();
  const bin = discoverServers().find(({ server }) => server === "logs")?.bin ?? "";
  progress("reading them");
  const FLOOR = "unpack and JSON.parse each line";
  const readings = await interleaved<Reading>(
    {
      [FLOOR]: () => floor(join(recording, "logs.ndjson.gz")),
      [`read_logs, last 15 min of ${QUIET}`]: () => call(bin, recording, { service: QUIET }),
      [`read_logs, last hour of ${LOUD} against the hour before: half of all lines`]: () =>
        call(bin, recording, { service: LOUD, from: "-1h" }),
    },
    runs,
  );
  await endProcesses();
  const ms = (name: string) => (readings[name] ?? []).map((reading) => reading.ms);
  return {
    title: `read_logs over ${LINES.toLocaleString("en")} lines`,
    about: `Each in a process of its own, start-up not counted; medians of ${runs} interleaved runs.`,
    head: ["case", "ms", "ratio", "peak MB"],
    rows: Object.entries(readings).map(([name, all]) => [
      name,
      Math.round(median(ms(name))),
      rounded(ratio(ms(name), ms(FLOOR))),
      Math.round(median(all.map(({ mb }) => mb))),
    ]),
    goals: [],
  };
}
