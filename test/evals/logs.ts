import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ratioText } from "./figures/share.ts";
import { textTable } from "./figures/table.ts";
import { type GroupingScore, scoreGrouping } from "./logs/grouping.ts";
import { mine } from "./logs/mine.ts";
import { readSystem } from "./logs/system.ts";
import { runMain } from "./run-main.ts";

const USAGE = `Usage: npm run evals:logs -- DIR [--json]

How well the pattern miner of read_logs groups lines, on DIR/<System>/lines.ndjson (n, content) and truth.csv (n, event_id,
template). GA: share of lines whose whole group is right; FGA: F1 of the groups that are wholly right.
`;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const [dir] = positionals;
  if (values.help || dir === undefined) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const systems = (await readdir(resolve(dir), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const scores: ({ system: string } & GroupingScore)[] = [];
  for (const { name } of systems.sort((a, b) => a.name.localeCompare(b.name))) {
    process.stderr.write(`${name}\n`);
    const { messages, truth } = await readSystem(join(resolve(dir), name));
    scores.push({ system: name, ...scoreGrouping(mine(messages), truth) });
  }
  if (scores.length === 0) throw new Error(`no system in ${dir}`);
  const all = { ga: mean(scores.map(({ ga }) => ga)), fga: mean(scores.map(({ fga }) => fga)) };
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ mean: all, systems: scores }, null, 2)}\n`);
    return 0;
  }
  const rows = scores.map(({ system, lines, groups, trueGroups, ga, fga }) => [
    system,
    String(lines),
    String(groups),
    String(trueGroups),
    ratioText(ga),
    ratioText(fga),
  ]);
  const last = ["mean", "", "", "", ratioText(all.ga), ratioText(all.fga)];
  process.stdout.write(`${textTable(["system", "lines", "groups", "true groups", "GA", "FGA"], [...rows, last])}\n`);
  return 0;
}

runMain("evals:logs", main);
