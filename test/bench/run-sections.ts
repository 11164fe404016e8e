import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { asTable } from "../support/table.ts";
import type { BenchOptions, Section } from "./section.ts";

export type Sections = Readonly<Record<string, (options: BenchOptions) => Promise<Section | readonly Section[]>>>;

/** Runs the sections that the command line names, all by default, and prints each; `script` is npm's name of the command. */
export async function runSections(script: string, all: Sections): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: "boolean", default: false }, runs: { type: "string" } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !(name in all));
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (unknown.length > 0 || (runs !== undefined && !(Number.isInteger(runs) && runs > 0))) {
    process.stderr.write(`usage: npm run ${script} [-- ${Object.keys(all).join("|")}...] [--json] [--runs N]\n`);
    process.exit(2);
  }

  const chosen = positionals.length > 0 ? positionals : Object.keys(all);
  const sections: Record<string, Section | readonly Section[]> = {};
  for (const name of chosen) {
    const bench = all[name];
    if (!bench) continue;
    const section = await bench({ runs, progress: (message) => process.stderr.write(`${name}: ${message}\n`) });
    sections[name] = section;
    if (!values.json) for (const one of [section].flat()) process.stdout.write(`\n${shown(one)}\n`);
  }
  if (!values.json) return;
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model ?? "unknown" };
  process.stdout.write(`${JSON.stringify({ machine, sections }, null, 2)}\n`);
}

function shown({ title, about, head, rows, goals }: Section): string {
  const verdicts = goals.map(
    ({ what, measured, most }) => `${measured <= most ? "reached" : "MISSED "}  ${what}: ${measured}, at most ${most}`,
  );
  return [`${title}\n${about}\n`, asTable(head, rows), ...(verdicts.length > 0 ? ["", ...verdicts] : [])].join("\n");
}
