import { basename } from "node:path";
import { type Arguments, readArguments, USAGE, UsageError } from "./arguments.ts";
import { baselineOf, compare, readBaseline, writeBaseline } from "./baseline.ts";
import { readExpected } from "./expected.ts";
import { type ModelDesk, NO_DESK, recordModel, replayModel } from "./model/model-desk.ts";
import { rankAlone } from "./ranking/alone.ts";
import { type CaseResult, casesIn, runCase } from "./run-case.ts";
import { runMain } from "./run-main.ts";
import { brokenPromises } from "./score.ts";
import { boardOf } from "./scoreboard/board.ts";
import { boardJson } from "./scoreboard/json.ts";
import { renderText } from "./scoreboard/text.ts";
import { caseFolder, writeBoard } from "./scoreboard/write.ts";

const tell = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  if (!args) {
    process.stdout.write(USAGE);
    return 0;
  }
  const folders = await chosen(args);
  if (folders.length === 0) {
    throw new UsageError(
      `no recording with alert.json and expected.yaml${args.only ? ` like ${args.only}` : ""} in ${args.set}`,
    );
  }
  const desk = await deskFor(args);
  const { results, failures } = await runAll(folders, args, desk);
  for (const line of await desk.end()) tell(line);
  if (results.length === 0) return 1;
  const { engine, without, out } = args;
  const board = boardOf(results, { engine, without, set: basename(args.set), rankings: await rankAlone(results) });
  process.stdout.write(args.json ? `${JSON.stringify(boardJson(board), null, 2)}\n` : `${renderText(board)}\n`);
  if (out !== undefined) tell(`written: ${(await writeBoard(board, out)).join(", ")}`);
  const broken = results.flatMap(({ name, score }) => brokenPromises(score).map((what) => `${name}: ${what}`));
  for (const what of [...failures, ...broken]) tell(`FAILED ${what}`);
  if (failures.length + broken.length > 0) return 1;
  return args.gated ? gate(results, args) : 0;
}

/** The folders to run: all of them, or those of a family or whose name has the word. */
async function chosen({ set, only }: Arguments): Promise<string[]> {
  const folders = await casesIn(set);
  if (only === undefined) return folders;
  const families = await Promise.all(folders.map(async (folder) => (await readExpected(folder)).family));
  return folders.filter((folder, index) => families[index] === only || basename(folder).includes(only));
}

/** Who answers for the model: the environment's own, one that is recorded, or a recorded one. */
async function deskFor(args: Arguments): Promise<ModelDesk> {
  if (args.recordModel !== undefined) return recordModel(args.recordModel, process.env);
  return args.replayModel === undefined ? NO_DESK : replayModel(args.replayModel);
}

async function runAll(folders: readonly string[], { engine, without, out }: Arguments, desk: ModelDesk) {
  const results: CaseResult[] = [];
  const failures: string[] = [];
  for (const [index, folder] of folders.entries()) {
    const name = basename(folder);
    process.stderr.write(`${index + 1}/${folders.length} ${name}`);
    desk.begin(name);
    try {
      const result = await runCase(folder, {
        engine,
        env: desk.env,
        evidenceKey: desk.evidenceKey,
        without,
        keep: out === undefined ? undefined : caseFolder(out, name),
      });
      results.push(result);
      tell(` ${result.report.outcome} (${result.score.seconds.toFixed(1)} s)`);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      tell(" failed");
    }
  }
  return { results, failures };
}

async function gate(results: readonly CaseResult[], { engine, only, updateBaseline }: Arguments): Promise<number> {
  const now = baselineOf(results, engine);
  if (updateBaseline) {
    await writeBaseline(now);
    tell("baseline.json is written; let its commit say why");
    return 0;
  }
  const { worse, better, unknown, missing } = compare(now, await readBaseline());
  for (const what of worse) tell(`WORSE ${what}`);
  for (const what of better) tell(`better: ${what}`);
  for (const name of unknown) tell(`NOT IN THE BASELINE ${name}: npm run evals -- --update-baseline`);
  const lost = only === undefined ? missing : [];
  for (const name of lost) tell(`MISSING ${name}: the baseline has it`);
  return worse.length + unknown.length + lost.length > 0 ? 1 : 0;
}

runMain("evals", main);
