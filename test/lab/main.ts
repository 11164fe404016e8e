import path from "node:path";
import { parseArgs } from "node:util";
import { makeRecording } from "./make-recording.ts";
import { RECORDINGS } from "./paths.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const USAGE = `npm run lab -- list
npm run lab -- SCENARIO [--seed N] [--out DIR]

Runs a scenario for real, for about 25 minutes, and writes a recording of it to test/recordings/SCENARIO or to DIR.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string", default: "1" }, out: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const [name] = positionals;
  if (values.help === true || name === undefined || positionals.length > 1) {
    console.error(USAGE);
    return values.help === true ? 0 : 2;
  }
  if (name === "list") {
    for (const { name, family, summary } of SCENARIOS) console.log(`${name}  (${family})\n  ${summary}`);
    return 0;
  }
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) {
    console.error(`no scenario "${name}". There are: ${SCENARIOS.map((one) => one.name).join(", ")}`);
    return 2;
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0) {
    console.error(`--seed must be a whole number, not "${values.seed}"`);
    return 2;
  }
  const started = Date.now();
  const say = (message: string): void => {
    const minutes = ((Date.now() - started) / 60_000).toFixed(1).padStart(5);
    console.log(`${minutes} min  ${message}`);
  };
  await makeRecording({ scenario, seed, out: path.resolve(values.out ?? path.join(RECORDINGS, scenario.name)), say });
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
