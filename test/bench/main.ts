/**
 * `npm run bench [-- SECTION...] [--json] [--runs N]`: what the project promises about speed and size, measured against a
 * floor in the same run. Sections: start, tokens, logs, history, triage; all of them by default.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { asTable } from "../support/table.ts";
import { benchHistory } from "./history.ts";
import { benchLogs } from "./logs.ts";
import type { BenchOptions, Section } from "./section.ts";
import { benchStart } from "./start.ts";
import { benchTokens } from "./tokens.ts";
import { benchTriage } from "./triage.ts";

const SECTIONS: Readonly<Record<string, (options: BenchOptions) => Promise<Section>>> = {
  start: benchStart,
  tokens: benchTokens,
  logs: benchLogs,
  history: benchHistory,
  triage: benchTriage,
};

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false }, runs: { type: "string" } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in SECTIONS));
const runs = values.runs === undefined ? undefined : Number(values.runs);
if (unknown.length > 0 || (runs !== undefined && !(Number.isInteger(runs) && runs > 0))) {
  process.stderr.write(`usage: npm run bench [-- ${Object.keys(SECTIONS).join("|")}...] [--json] [--runs N]\n`);
  process.exit(2);
}

const chosen = positionals.length > 0 ? positionals : Object.keys(SECTIONS);
const sections: Record<string, Section> = {};
for (const name of chosen) {
  const bench = SECTIONS[name];
  if (!bench) continue;
  const section = await bench({ runs, progress: (message) => process.stderr.write(`${name}: ${message}\n`) });
  sections[name] = section;
  if (!values.json) process.stdout.write(`\n${shown(section)}\n`);
}
if (values.json) {
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model ?? "unknown" };
  process.stdout.write(`${JSON.stringify({ machine, sections }, null, 2)}\n`);
}

function shown({ title, about, head, rows, goals }: Section): string {
  const verdicts = goals.map(
    ({ what, measured, most }) => `${measured <= most ? "reached" : "MISSED "}  ${what}: ${measured}, at most ${most}`,
  );
  return [`${title}\n${about}\n`, asTable(head, rows), ...(verdicts.length > 0 ? ["", ...verdicts] : [])].join("\n");
}
