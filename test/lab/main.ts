import path from "node:path";
import { parseArgs } from "node:util";
import { keepReplay } from "../evals/replays.ts";
import { makeHostile } from "./hostile/index.ts";
import { makeRecording } from "./make-recording.ts";
import { moveFault } from "./move-fault.ts";
import { RECORDINGS, WORK } from "./paths.ts";
import { readProposal } from "./replay/proposal.ts";
import { replay } from "./replay/replay.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const USAGE = `npm run lab -- list
npm run lab -- SCENARIO [--seed N] [--out DIR] [--fault-at SECONDS]
npm run lab -- all [--seed N] [--out DIR]
npm run lab -- hostile [--out DIR]
npm run lab -- replay RECORDING REPORT [--record]

Runs a scenario for real, for about 25 minutes, and writes a recording of it to test/recordings/SCENARIO or to DIR. With --fault-at
it breaks earlier, for trying it out: keep no recording that was made so. "SCENARIO,OTHER" makes two recordings of one run, where OTHER is an alert
that only needs to be waited for.
"all" makes one after the other, into DIR/SCENARIO; by default below test/lab/.work.
"hostile" makes recordings out of committed ones, in seconds: directives, secrets, missing and contradicting evidence.
"replay" breaks the estate of a recording again, merges the pull request of a report (its report.json), and prints as JSON whether the
alert resolved and no other fired; the exit code is 0 when it did, 1 when it did not. --record keeps the verdict for the
scoreboard, in test/evals/replays.json.`;

/** Long enough to see what a try-out did. */
const TRIED_AFTER_ALERT_MS = 45_000;

class UsageError extends Error {}

type Say = (message: string) => void;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string", default: "1" },
      out: { type: "string" },
      "fault-at": { type: "string" },
      record: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  const [name, ...rest] = positionals;
  if (values.help === true || name === undefined || rest.length !== (name === "replay" ? 2 : 0)) {
    console.error(USAGE);
    return values.help === true ? 0 : 2;
  }
  if (name === "list") {
    for (const { name, family, summary } of SCENARIOS) console.log(`${name}  (${family})\n  ${summary}`);
    return 0;
  }
  if (name === "replay") {
    const [recording = "", report = ""] = rest;
    const verdict = await replay({
      recording: path.resolve(recording),
      report: path.resolve(report),
      say: speaker(console.error),
    });
    console.log(JSON.stringify(verdict, undefined, 2));
    const proposal = values.record ? await readProposal(path.resolve(report)) : undefined;
    if (proposal !== undefined) await keepReplay({ ...verdict, diff: proposal.diff });
    return verdict.works ? 0 : 1;
  }
  if (name === "hostile") {
    await makeHostile(path.resolve(values.out ?? RECORDINGS), speaker(console.log));
    return 0;
  }
  const seed = wholeNumber("--seed", values.seed);
  const faultAt = values["fault-at"] === undefined ? undefined : wholeNumber("--fault-at", values["fault-at"]);
  if (name === "all") return makeAll(seed, path.resolve(values.out ?? path.join(WORK, `seed-${seed}`)));
  const [scenario, ...others] = name.split(",").map(scenarioNamed);
  if (scenario === undefined) return 2;
  const usual = faultAt === undefined ? RECORDINGS : path.join(WORK, "tried");
  const out = path.resolve(values.out ?? path.join(usual, scenario.name));
  const say = speaker(console.log);
  const alongside = others.map((one) => ({ scenario: waitedFor(one), out: path.join(path.dirname(out), one.name) }));
  if (faultAt === undefined) await makeRecording({ scenario, seed, out, say, alongside });
  else
    await makeRecording({
      scenario: moveFault(scenario, faultAt),
      seed,
      out,
      say,
      alongside,
      afterAlertMs: TRIED_AFTER_ALERT_MS,
    });
  return 0;
}

function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario !== undefined) return scenario;
  throw new UsageError(`no scenario "${name}". There are: ${SCENARIOS.map((one) => one.name).join(", ")}`);
}

/** Only what needs no doing of its own can be recorded alongside another scenario. */
function waitedFor(scenario: Scenario): Scenario {
  if (
    scenario.rules !== undefined &&
    scenario.rootCause === null &&
    scenario.happenings.every((one) => "change" in one)
  )
    return scenario;
  throw new UsageError(`"${scenario.name}" cannot be recorded alongside another scenario: it breaks something itself`);
}

/** One that fails does not keep the others from being made. */
async function makeAll(seed: number, directory: string): Promise<number> {
  const failed: string[] = [];
  const say = speaker(console.log);
  for (const scenario of SCENARIOS) {
    say(`== ${scenario.name}`);
    try {
      await makeRecording({ scenario, seed, out: path.join(directory, scenario.name), say });
    } catch (error) {
      failed.push(scenario.name);
      console.error(error instanceof Error ? error.message : error);
    }
  }
  if (failed.length > 0) console.error(`not made: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${option} must be a whole number, not "${text}"`);
  return Number(text);
}

function speaker(print: Say): Say {
  const started = Date.now();
  return (message) => {
    const minutes = ((Date.now() - started) / 60_000).toFixed(1).padStart(5);
    print(`${minutes} min  ${message}`);
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
