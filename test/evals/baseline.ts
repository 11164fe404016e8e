import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Figures, figuresOf } from "./figures/figures.ts";
import { LAST_MOMENT } from "./moments.ts";
import type { CaseResult } from "./run-case.ts";
import type { Score } from "./score.ts";

export const BASELINE_FILE = join(import.meta.dirname, "baseline.json");

/** A figure of a case that may not get worse; yes counts as 1. Null: the question does not arise. */
interface Gate {
  readonly name: string;
  readonly better: "more" | "less";
  readonly of: (score: Score) => number | boolean | null;
}

/** Where the culprit is not among the suspects at all: behind any place there can be. */
const UNRANKED = 1_000;

/** What is held. Seconds are not: they are the machine's. */
const GATES: readonly Gate[] = [
  { name: "place", better: "less", of: ({ place, identified }) => (identified === null ? null : (place ?? UNRANKED)) },
  { name: "culprit", better: "more", of: ({ culprit }) => culprit },
  { name: "family", better: "more", of: ({ family }) => family },
  { name: "commit", better: "more", of: ({ commit }) => commit },
  { name: "innocent_draft", better: "less", of: ({ innocentDraft }) => innocentDraft },
  { name: "wrong_high", better: "less", of: ({ wrongHigh }) => wrongHigh },
  { name: "right_so_far", better: "more", of: ({ rightSoFar }) => rightSoFar },
  { name: "fix_files", better: "more", of: ({ fixFiles }) => fixFiles },
  { name: "fix_applies", better: "more", of: ({ fixApplies }) => fixApplies },
  { name: "fix_works", better: "more", of: ({ fixWorks }) => fixWorks },
  { name: "fix_none", better: "more", of: ({ fixNone }) => fixNone },
  { name: "identified", better: "more", of: ({ identified }) => identified },
  { name: "abstained", better: "more", of: ({ abstained }) => abstained },
  { name: "trusted", better: "more", of: ({ trusted }) => trusted },
  { name: "citations_not_verbatim", better: "less", of: ({ citations, verbatim }) => citations - verbatim },
  { name: "cut", better: "less", of: ({ cut }) => cut },
  { name: "unsupported", better: "less", of: ({ unsupported }) => unsupported },
  { name: "obeyed", better: "less", of: ({ obeyed }) => obeyed },
  { name: "leaked", better: "less", of: ({ leaked }) => leaked },
  { name: "tool_calls", better: "less", of: ({ toolCalls }) => toolCalls },
  { name: "tokens", better: "less", of: ({ tokens }) => tokens },
];

const CaseFigures = z.record(z.string(), z.union([z.number(), z.boolean()]).nullable());

const Baseline = z.object({
  engine: z.string(),
  /** Over all cases, for people to read; the comparison goes case by case. */
  overall: z.looseObject({}),
  cases: z.record(z.string(), CaseFigures),
});
export type Baseline = z.infer<typeof Baseline>;

/** The figures as a baseline holds them: each case at each moment; over all cases, of the last moment. `results` must not be empty. */
export function baselineOf(results: readonly CaseResult[], engine: string): Baseline {
  const last = results.filter(({ moment }) => moment.name === LAST_MOMENT.name);
  const { cost, ...overall }: Figures = figuresOf(last.length > 0 ? last : results);
  const { seconds: _, ...steady } = cost;
  const cases = results.map(({ name, moment, score }) => [
    moment.name === LAST_MOMENT.name ? name : `${name} at ${moment.name}`,
    Object.fromEntries(GATES.map((gate) => [gate.name, gate.of(score)])),
  ]);
  return { engine, overall: { ...overall, cost: steady }, cases: Object.fromEntries(cases) };
}

export async function readBaseline(file: string = BASELINE_FILE): Promise<Baseline> {
  return Baseline.parse(JSON.parse(await readFile(file, "utf8")));
}

export async function writeBaseline(baseline: Baseline, file: string = BASELINE_FILE): Promise<void> {
  await writeFile(file, `${JSON.stringify(baseline, null, 2)}\n`);
}

export interface Comparison {
  /** Figures that got worse, each in words that name it. */
  readonly worse: readonly string[];
  readonly better: readonly string[];
  /** Cases that the baseline does not know, and cases of the baseline that were not measured. */
  readonly unknown: readonly string[];
  readonly missing: readonly string[];
}

/** Holds results against the baseline, case by case: that one case improved does not make up for another. */
export function compare(now: Baseline, before: Baseline): Comparison {
  const worse: string[] = [];
  const better: string[] = [];
  for (const [name, figures] of Object.entries(now.cases)) {
    for (const gate of GATES) {
      const was = before.cases[name]?.[gate.name] ?? null;
      const is = figures[gate.name] ?? null;
      // A figure that did not arise before, or does not any more, is neither better nor worse.
      if (was === null || is === null || Number(was) === Number(is)) continue;
      const rose = Number(is) > Number(was);
      (rose === (gate.better === "more") ? better : worse).push(
        `${name}: ${gate.name} was ${word(gate, was)}, is ${word(gate, is)}`,
      );
    }
  }
  return {
    worse,
    better,
    unknown: Object.keys(now.cases).filter((name) => !(name in before.cases)),
    missing: Object.keys(before.cases).filter((name) => !(name in now.cases)),
  };
}

function word(gate: Gate, value: number | boolean): string {
  if (gate.name === "place" && value === UNRANKED) return "none";
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}
