import { spawn } from "node:child_process";
import { join } from "node:path";
import { serverEnvironment } from "../support/mcp/process.ts";
import { discoverServers, ROOT } from "../support/mcp/servers.ts";
import { bundleBareServer } from "./floor/bundle.ts";
import { FIRST_REQUESTS } from "./floor/first-requests.ts";
import { interleaved, median, processorMs, ratio, rounded } from "./measure.ts";
import type { BenchOptions, Section } from "./section.ts";

const MOST = 1.15;
export const DEMO = join(ROOT, "test/recordings/bad-deployment-three-hops");

interface Start {
  /** From spawning to the answer of tools/list, in milliseconds. */
  readonly wall: number;
  /** Of that, on a processor. */
  readonly processor: number;
}

/** Starts a bin, says hello as a client does, asks for its tools, and ends it once they are listed. */
export function timeStart(bin: string, env: Readonly<Record<string, string>>): Promise<Start> {
  const [hello, ...rest] = FIRST_REQUESTS.map((request) => `${JSON.stringify(request)}\n`);
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [bin], { env: serverEnvironment(env), stdio: ["pipe", "pipe", "ignore"] });
    let answers = 0;
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${bin} ended before it had listed its tools`)));
    child.stdout.on("data", (chunk: Buffer) => {
      const before = answers;
      answers += chunk.toString("latin1").split("\n").length - 1;
      if (before < 1 && answers >= 1) child.stdin.write(rest.join(""));
      if (before < 2 && answers >= 2) {
        resolve({ wall: performance.now() - started, processor: processorMs(child.pid ?? 0) });
        child.kill("SIGKILL");
      }
    });
    child.stdin.write(hello);
  });
}

/** Cold start of each built server against a bare bundled SDK server, in the same run. */
export async function benchStart({ runs = 15, progress }: BenchOptions): Promise<Section> {
  progress("bundling a bare SDK server");
  const bare = await bundleBareServer();
  const servers = discoverServers();
  progress(`starting ${servers.length + 2} servers, ${runs} times each`);
  const times = await interleaved<Start>(
    {
      "bare SDK server": () => timeStart(bare.plain, {}),
      "the same with V8's code cache": () => timeStart(bare.cached, {}),
      ...Object.fromEntries(servers.map(({ name, bin }) => [name, () => timeStart(bin, { ONCALL_RECORDING: DEMO })])),
    },
    runs,
  );
  const of = (name: string, figure: keyof Start) => (times[name] ?? []).map((start) => start[figure]);
  const against = (name: string, figure: keyof Start) => ratio(of(name, figure), of("bare SDK server", figure));
  return {
    title: "Cold start",
    about: `From spawn to the answer of tools/list; medians of ${runs} interleaved runs, ratios of the same round's floor.`,
    head: ["server", "ms", "ratio", "processor ms", "processor ratio"],
    rows: Object.keys(times).map((name) => [
      name,
      rounded(median(of(name, "wall"))),
      rounded(against(name, "wall")),
      rounded(median(of(name, "processor"))),
      rounded(against(name, "processor")),
    ]),
    goals: servers.map(({ name }) => ({
      what: `${name} against the bare SDK server`,
      measured: rounded(against(name, "wall")),
      most: MOST,
    })),
  };
}
