import path from "node:path";
import { parseArgs } from "node:util";
import { checkRecording } from "@oncall-copilot/core/recording";
import { record } from "./recording/record.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const USAGE = `npm run lab:skerry -- list
npm run lab:skerry -- SCENARIO|all [--seed N] [--out DIR]

Simulates the second estate, in seconds, and writes recordings with neutral names below test/recordings-skerry or DIR.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string" }, out: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const [wanted] = positionals;
  const chosen = SCENARIOS.filter(({ name }) => wanted === "all" || wanted === name);
  if (values.help || wanted === undefined || (chosen.length === 0 && wanted !== "list")) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  if (wanted === "list") {
    for (const { name, family, summary } of SCENARIOS) console.log(`${name}  (${family})\n  ${summary}`);
    return 0;
  }
  const out = path.resolve(values.out ?? path.join(import.meta.dirname, "..", "..", "recordings-skerry"));
  let failed = 0;
  for (const scenario of chosen) {
    for (const seed of scenario.seeds.filter(({ seed }) => values.seed === undefined || String(seed) === values.seed)) {
      try {
        const { folder, simulated } = await record(scenario, seed, out);
        const problems = await checkRecording(folder);
        if (problems.length > 0) throw new Error(problems.map(({ file, message }) => `${file} ${message}`).join("; "));
        const pages = [simulated.alert, ...simulated.others].map(
          ({ rule, at }) => `${rule.alert}/${rule.service}@${new Date(at).toISOString().slice(11, 19)}`,
        );
        console.log(`${path.basename(folder)}  ${scenario.name}/${seed.seed}  ${pages.join(" ")}`);
      } catch (error) {
        failed += 1;
        console.error(`${scenario.name}/${seed.seed} failed: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  }
  return failed > 0 ? 1 : 0;
}

// Failures are events of the estate here, by the thousand: nobody reads where they were made.
Error.stackTraceLimit = 0;
process.exitCode = await main();
