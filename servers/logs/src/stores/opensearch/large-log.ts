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
  const levels = levelsAsked(query).filter((level) => linesOf(times, level) > 0);
  let room = limits.most;
  for (const [index, level] of levels.entries()) {
    const lines = linesOf(times, level);
    const share = Math.floor(room / (levels.length - index));
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
      const sampled = await sampleLevel(reach, query, level, own, share);
      room -= sampled.read;
      patterns.push(...sampled.patterns);
      gaps.push(...sampledGaps(reach, level, lines, sampled));
    } catch (error) {
      if (!(error instanceof CouldNotLook) || index + 1 < levels.length || patterns.length === 0) throw error;
      gaps.push(`${level}: ${lines} lines are counted by level only: ${error.message}`);
    }
  }
  return { counts, series, patterns, gaps };
}

export const strayLines = (level: string, lines: number): string =>
  `${level}: ${lines} lines are parts of stack traces that were logged line by line and could not be joined to their first line`;

/** How the patterns of a level came about, and what they leave out. */
function sampledGaps({ mapping }: Reach, level: Level, lines: number, found: SampledLevel): string[] {
  const { whole, words } = mapping.message;
  const by = whole === undefined && words !== undefined ? "by their words" : "by their text";
  const share = found.left === 0 ? "all of them" : `${percent(lines - found.left, lines)}; ${found.left} fit none`;
  return [
    `${level}: too many lines to read (${lines}): patterns are those of ${found.read} of them, counted in the index ${by}; they cover ${share}`,
    ...(found.twice > 0 ? [`${level}: ${found.twice} lines are counted under more than one pattern`] : []),
    ...(found.traceLines > 0 ? [strayLines(level, found.traceLines)] : []),
  ];
}

/** Rounded down, since "100 %" is said of all only. */
const percent = (part: number, whole: number): string => `${Math.floor((part / whole) * 10_000) / 100} %`;
