import { LEVELS, type Level, severity } from "../../levels.ts";
import type { LogQuery, LogReading } from "../../store.ts";
import { all, any, type Clause, during, none, oneOf } from "./clauses.ts";
import { documentParts, inOrder, lineOf } from "./documents.ts";
import type { LevelTimes } from "./overview.ts";
import { countedBy } from "./pattern-clause.ts";
import type { Reach } from "./reach.ts";
import { countSampled, type SampledLevel, type Sampling, takeSample } from "./sampled-levels.ts";
import { type Tallied, tallyLines, withMargins } from "./whole-log.ts";

/** What the levels together came to. */
export type LargeReading = Pick<LogReading, "counts" | "series" | "patterns" | "gaps">;

/** A level with so few lines is read, and so many lines of such levels together. */
const FEW = 250;
const MAX_OF_FEW = 500;
/** What the margins of the time may add. */
const MARGIN = 250;

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
 * Reads a log with too many lines to read: a level with few lines is read whole; of the others a sample is, and the index counts
 * what is found in it.
 */
export async function readLarge(
  reach: Reach,
  query: LogQuery,
  filters: readonly Clause[],
  times: LevelTimes,
  limits: { readonly most: number; readonly now: number; progress(message: string): void },
): Promise<LargeReading> {
  const { read, sample } = split(reach, query, filters, times);
  for (const sampling of sample) takeSample(reach, sampling, times.samples.get(sampling.level) ?? []);
  limits.progress("counting patterns");
  const [tallied, sampled] = await Promise.all([
    readFew(reach, query, filters, times, read, limits.now),
    countSampled(reach, query, sample, limits.most - MAX_OF_FEW),
  ]);
  const counts = { window: { ...tallied.counts.window }, before: { ...tallied.counts.before } };
  const series = tallied.series.map((sums) => ({ ...sums }));
  for (const { level } of sample) {
    counts.window[level] = times.window[level];
    counts.before[level] = times.before[level];
    for (const [part, sums] of series.entries()) sums[level] = times.series[part]?.[level] ?? 0;
  }
  const patterns = [...tallied.patterns, ...sampled.flatMap((one) => one.patterns)];
  const strays = tallied.strays > 0 ? [strayLines(read.join(" and "), tallied.strays)] : [];
  return { counts, series, patterns, gaps: [...sampledGaps(reach, sampled, times), ...strays] };
}

/** Which levels are read, the worst first, and which are sampled. */
function split(reach: Reach, query: LogQuery, filters: readonly Clause[], times: LevelTimes) {
  const read: Level[] = [];
  const sample: Sampling[] = [];
  let room = MAX_OF_FEW;
  for (const level of levelsAsked(query)) {
    const lines = linesOf(times, level);
    if (lines === 0) continue;
    if (lines <= Math.min(FEW, room)) {
      room -= lines;
      read.push(level);
    } else sample.push({ level, filters: [...filters, ...ofLevel(reach, times, level)], messages: new Map() });
  }
  return { read, sample };
}

/** All lines of the levels with few, in one page. */
async function readFew(
  reach: Reach,
  query: LogQuery,
  filters: readonly Clause[],
  times: LevelTimes,
  levels: readonly Level[],
  now: number,
): Promise<Tallied> {
  if (levels.length === 0) return tallyLines(reach, query, []);
  const { fields, mapping, search } = reach;
  const lines = levels.reduce((sum, level) => sum + linesOf(times, level), 0);
  const ofLevels = any(...levels.map((level) => all(...ofLevel(reach, times, level))));
  const { hits } = await search.one({
    ...documentParts(fields),
    ...{ size: lines + MARGIN, track_total_hits: false, sort: inOrder(fields, mapping.nanos) },
    query: { bool: { filter: [...filters, ofLevels, during(mapping.time, withMargins(query, now))] } },
  });
  const read = hits.hits.map((hit, index) => lineOf(hit, fields, index + 1));
  return tallyLines(reach, query, read);
}

export const strayLines = (level: string, lines: number): string =>
  `${level}: ${lines} lines are parts of stack traces that were logged line by line and could not be joined to their first line`;

const BY = { words: "their words", text: "their text", "loose words": "their words in any order" } as const;

/** How the patterns of the sampled levels came about, and what they leave out. */
function sampledGaps({ mapping }: Reach, sampled: readonly SampledLevel[], times: LevelTimes): string[] {
  if (sampled.length === 0) return [];
  const by = BY[countedBy(mapping.message)];
  const each = sampled.map(({ level, read }) => `${level} (${read} of ${linesOf(times, level)} lines read)`).join(", ");
  const left = sampled.filter((one) => one.left > 0).map((one) => `${one.left} ${one.level} lines`);
  const share = left.length === 0 ? "they cover every line" : `they fit all but ${left.join(" and ")}`;
  return [
    `patterns found in samples of ${each}, and counted in the index by ${by}: ${share}`,
    ...sampled.flatMap(({ level, twice, traceLines }) => [
      ...(twice > 0 ? [`${level}: ${twice} lines are counted under more than one pattern`] : []),
      ...(traceLines > 0 ? [strayLines(level, traceLines)] : []),
    ]),
  ];
}
