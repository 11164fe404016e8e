import { CouldNotLook } from "@oncall-copilot/core";
import { LEVELS, type Level, noEvents, severity } from "../../levels.ts";
import type { LogQuery, LogReading, PatternCount } from "../../store.ts";
import { type Clause, none, oneOf } from "./clauses.ts";
import type { LevelTimes } from "./overview.ts";
import type { Reach } from "./reach.ts";
import { type SampledLevel, sampleLevel } from "./sampled-level.ts";
import { tallyAll } from "./whole-log.ts";

/** What the levels together came to. */
export type LargeReading = Pick<LogReading, "counts" | "series" | "patterns" | "gaps">;

/** Lines that a sample of one level may take, where other levels need more. */
const SAMPLE = 1_000;

type Sampled = SampledLevel & { readonly level: Level; readonly lines: number };

/** Lines of each level that pass the filters, in both stretches. */
export const linesOf = ({ window, before }: LevelTimes, level: Level): number => window[level] + before[level];

/** This level's lines: those with a value that means it; info also those without any that is known. */
export function ofLevel(reach: Reach, { values }: LevelTimes, level: Level): Clause[] {
  const field = reach.mapping.level;
  if (field === undefined) return [];
  if (level !== "info") return [oneOf(field, values.get(level) ?? [])];
  const others = LEVELS.filter((other) => other !== "info").flatMap((other) => values.get(other) ?? []);
  return others.length === 0 ? [] : [none(oneOf(field, others))];
}

/** Levels as bad as the one that is asked for. */
export const levelsAsked = ({ level }: LogQuery): readonly Level[] =>
  LEVELS.filter((one) => level === undefined || severity(one) <= severity(level));

/**
 * Reads a log with too many lines to read: level by level, the worst first. A level with few lines is read whole; of the others a
 * sample is, and the index counts what is found in it.
 */
export async function readLarge(
  reach: Reach,
  query: LogQuery,
  filters: readonly Clause[],
  times: LevelTimes,
  limits: { readonly most: number; readonly now: number; progress(message: string): void },
): Promise<LargeReading> {
  const counts = { window: noEvents(), before: noEvents() };
  const series = times.series.map(noEvents);
  const patterns: PatternCount[] = [];
  const gaps: string[] = [];
  const samples: Sampled[] = [];
  const levels = levelsAsked(query).filter((level) => linesOf(times, level) > 0);
  let room = limits.most;
  for (const [index, level] of levels.entries()) {
    const lines = linesOf(times, level);
    const after = levels.length - index - 1;
    const share = Math.max(Math.floor(room / (after + 1)), room - after * SAMPLE);
    const own = [...filters, ...ofLevel(reach, times, level)];
    limits.progress(`finding patterns in ${lines} ${level} lines`);
    if (lines <= share) {
      const tallied = await tallyAll(reach, query, own, { most: share + 500, now: limits.now });
      room -= tallied.read;
      patterns.push(...tallied.patterns);
      counts.window[level] = tallied.counts.window[level];
      counts.before[level] = tallied.counts.before[level];
      for (const [part, sums] of series.entries()) sums[level] = tallied.series[part]?.[level] ?? 0;
      if (tallied.strays > 0) gaps.push(strayLines(level, tallied.strays));
      continue;
    }
    counts.window[level] = times.window[level];
    counts.before[level] = times.before[level];
    for (const [part, sums] of series.entries()) sums[level] = times.series[part]?.[level] ?? 0;
    try {
      const sampled = await sampleLevel(reach, query, level, own, Math.min(share, 2 * SAMPLE));
      room -= sampled.read;
      patterns.push(...sampled.patterns);
      samples.push({ ...sampled, level, lines });
    } catch (error) {
      if (!(error instanceof CouldNotLook) || index + 1 < levels.length || patterns.length === 0) throw error;
      gaps.push(`${level}: ${lines} lines are counted by level only: ${error.message}`);
    }
  }
  return { counts, series, patterns, gaps: [...sampledGaps(reach, samples), ...gaps] };
}

export const strayLines = (level: string, lines: number): string =>
  `${level}: ${lines} lines are parts of stack traces that were logged line by line and could not be joined to their first line`;

/** How the patterns of the sampled levels came about, and what they leave out. */
function sampledGaps({ mapping }: Reach, sampled: readonly Sampled[]): string[] {
  if (sampled.length === 0) return [];
  const { whole, words } = mapping.message;
  const by =
    whole !== undefined || words === undefined
      ? "by their text"
      : `by their words${words.ordered ? "" : ", in whatever order"}`;
  const each = sampled.map(({ level, lines, read }) => `${level} (${read} of ${lines} lines read)`).join(", ");
  const left = sampled.filter((one) => one.left > 0).map((one) => `${one.left} ${one.level} lines`);
  const share = left.length === 0 ? "they cover every line" : `they fit all but ${left.join(" and ")}`;
  return [
    `patterns found in samples of ${each}, and counted in the index ${by}: ${share}`,
    ...sampled.flatMap(({ level, twice, traceLines }) => [
      ...(twice > 0 ? [`${level}: ${twice} lines are counted under more than one pattern`] : []),
      ...(traceLines > 0 ? [strayLines(level, traceLines)] : []),
    ]),
  ];
}
