import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type CaseResult, casesIn, runCase } from "./run-case.ts";
import { isRight } from "./score.ts";
import { summarize } from "./summary.ts";

const USAGE = `Usage: npm run evals [-- --engine rules|claude] [--set DIR] [--only NAME] [--json]

Triages every recording of a folder (default: test/recordings) and says what was right.
Exit codes: 0 all right (with --set DIR: all ran); 1 something wrong; 2 wrong usage.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      engine: { type: "string", default: "rules" },
      set: { type: "string" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const set = resolve(values.set ?? join(import.meta.dirname, "../recordings"));
  const cases = (await casesIn(set)).filter((folder) => values.only === undefined || folder.includes(values.only));
  if (cases.length === 0) {
    process.stderr.write(`no recording with alert.json and expected.yaml in ${set}\n`);
    return 2;
  }
  const results: CaseResult[] = [];
  for (const [index, folder] of cases.entries()) {
    process.stderr.write(`${index + 1}/${cases.length} ${folder.split("/").pop()}\n`);
    results.push(await runCase(folder, values.engine));
  }
  const scores = results.map(({ name, expected, score, report }) => ({
    name,
    expected_family: expected.family,
    settled_family: report.family,
    suspects: report.suspects.map((suspect) => suspect.name),
    ...score,
  }));
  process.stdout.write(values.json ? `${JSON.stringify(scores, null, 2)}\n` : `${summarize(results)}\n`);
  return values.set !== undefined || results.every(({ score }) => isRight(score)) ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`evals: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof TypeError ? 2 : 1;
  },
);
