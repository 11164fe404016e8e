import { basename, join } from "node:path";
import { type Arguments, readArguments, USAGE, UsageError } from "./arguments.ts";
import { baselineOf, compare, readBaseline, writeBaseline } from "./baseline.ts";
import { readExpected } from "./expected.ts";
import { floorsOf } from "./floors.ts";
import { type ModelDesk, NO_DESK, recordModel, replayModel } from "./model/model-desk.ts";
import { LAST_MOMENT, MOMENTS, type Moment } from "./moments.ts";
import { rankAlone } from "./ranking/alone.ts";
import { type CaseResult, casesIn, runCase } from "./run-case.ts";
import { runMain } from "./run-main.ts";
import { brokenPromises, missesOf } from "./score.ts";
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
  const { out, json } = args;
  const boards = await Promise.all(seen(args.moments, results).map((moment) => boardAt(moment, results, args)));
  process.stdout.write(
    json ? `${JSON.stringify(boards.map(boardJson), null, 2)}\n` : `${boards.map(renderText).join("\n\n\n")}\n`,
  );
  for (const board of boards) {
    if (out !== undefined) tell(`written: ${(await writeBoard(board, folderAt(out, board.moment))).join(", ")}`);
  }
  const broken = results.flatMap(({ name, moment, score }) =>
    brokenPromises(score).map((what) => `${name} ${moment.name}: ${what}`),
  );
  for (const what of [...failures, ...broken]) tell(`FAILED ${what}`);
  if (failures.length + broken.length > 0) return 1;
  return args.gated ? gate(results, args) : 0;
}

/** A moment at which no case made a report has no board. */
const seen = (moments: readonly Moment[], results: readonly CaseResult[]) =>
  moments.filter((moment) => results.some((result) => result.moment === moment));

async function boardAt(moment: Moment, results: readonly CaseResult[], { engine, without, set }: Arguments) {
  const then = results.filter((result) => result.moment === moment);
  const [floors, rankings] = [await floorsOf(then), await rankAlone(then)];
  return boardOf(then, { engine, without, moment, floors, rankings, set: basename(set) });
}

/** The last moment's scoreboard and reports lie in the folder itself, the others' below it. */
const folderAt = (out: string, moment: Moment) =>
  moment.name === LAST_MOMENT.name ? out : join(out, `at-${moment.name}`);

/** The folders to run: all of them, or those of a family or whose name has the word. */
async function chosen({ set, only, heldOut }: Arguments): Promise<string[]> {
  const all = await Promise.all(
    (await casesIn(set)).map(async (folder) => ({ folder, expected: await readExpected(folder) })),
  );
  const fits = (folder: string, family: string) =>
    only === undefined || family === only || basename(folder).includes(only);
  return all
    .filter(({ folder, expected }) => expected.held_out === heldOut && fits(folder, expected.family))
    .map(({ folder }) => folder);
}

/** Who answers for the model: the environment's own, one that is recorded, or a recorded one. */
async function deskFor(args: Arguments): Promise<ModelDesk> {
  if (args.recordModel !== undefined) return recordModel(args.recordModel, process.env);
  return args.replayModel === undefined ? NO_DESK : replayModel(args.replayModel);
}

async function runAll(folders: readonly string[], args: Arguments, desk: ModelDesk) {
  const results: CaseResult[] = [];
  const failures: string[] = [];
  const runs = folders.flatMap((folder) => args.moments.map((moment) => ({ folder, moment })));
  for (const [index, { folder, moment }] of runs.entries()) {
    const name = basename(folder);
    process.stderr.write(`${index + 1}/${runs.length} ${name} ${moment.name}`);
    desk.begin(name);
    try {
      const result = await runCase(folder, {
        engine: args.engine,
        moment,
        transport: args.transport,
        env: desk.env,
        evidenceKey: desk.evidenceKey,
        without: args.without,
        keep: args.out === undefined ? undefined : caseFolder(folderAt(args.out, moment), name),
      });
      results.push(result);
      const { report, score } = result;
      const misses = missesOf(score).join(", ");
      tell(` ${report.outcome} ${report.confidence.level} (${score.seconds.toFixed(1)} s) ${misses}`);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      tell(" failed");
    }
  }
  return { results, failures };
}

async function gate(results: readonly CaseResult[], args: Arguments): Promise<number> {
  const { engine, only, moments, updateBaseline } = args;
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
  const lost = only === undefined && moments.length === MOMENTS.length ? missing : [];
  for (const name of lost) tell(`MISSING ${name}: the baseline has it`);
  return worse.length + unknown.length + lost.length > 0 ? 1 : 0;
}

runMain("evals", main);
