import type { Window } from "@oncall-copilot/core";
import { isTraceLine } from "../../events/trace.ts";
import type { Level } from "../../levels.ts";
import type { LogQuery, PatternCount } from "../../store.ts";
import { type Clause, during } from "./clauses.ts";
import { countPatterns } from "./count-patterns.ts";
import { documentParts, inOrder, lineOf } from "./documents.ts";
import { type FoundPattern, findPatterns, rest } from "./found-patterns.ts";
import type { Reach } from "./reach.ts";

/** A level with too many lines to read: what was found in some of them, and counted in all. */
export interface SampledLevel {
  readonly patterns: readonly PatternCount[];
  /** Lines that were read. */
  readonly read: number;
  /** Lines that fit no pattern. */
  readonly left: number;
  /** Lines that are part of a stack trace logged line by line. */
  readonly traceLines: number;
  /** Lines that were counted under more than one pattern. */
  readonly twice: number;
}

/** Into so many stretches of equal length the time is cut, and each is looked into. */
const STRETCHES = 12;
/** Times that the rest is looked into. */
const MOST_ROUNDS = 6;
/** Lines out of each stretch: at first, and of the rest. */
const [FIRST, FURTHER] = [60, 25];

/**
 * Finds the patterns of one level and counts them: a sample spread over the time is mined; then, again and again, a sample of
 * the lines that no pattern finds yet, until none is left. So a line that is one among a million is found as surely as the
 * million, as long as there are few kinds of lines.
 */
export async function sampleLevel(
  reach: Reach,
  query: LogQuery,
  level: Level,
  filters: readonly Clause[],
  most: number,
): Promise<SampledLevel> {
  const { mapping } = reach;
  const messages = new Map<string, string>();
  let patterns: FoundPattern[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const room = Math.floor((most - messages.size) / STRETCHES);
    const size = Math.min(round === 0 ? FIRST : FURTHER, room);
    if (size < 1) break;
    const before = messages.size;
    const { left } = await sample(reach, query, [...filters, ...rest(patterns)], size, messages);
    if (left === 0 || messages.size === before) break;
    patterns = findPatterns(messages.values(), mapping.message);
  }
  const counted = await countPatterns(reach, query, level, filters, patterns);
  const isTrace = ({ sample }: PatternCount) => isTraceLine(sample.text);
  return {
    ...{ read: messages.size, left: counted.left, twice: counted.twice },
    patterns: counted.patterns.filter((pattern) => !isTrace(pattern)),
    traceLines: counted.patterns.filter(isTrace).reduce((sum, { count, before }) => sum + count + before, 0),
  };
}

function stretchesOf({ before, window }: LogQuery): Window[] {
  const edge = (part: number) => before.from + Math.floor(((window.to - before.from) * part) / STRETCHES);
  return Array.from({ length: STRETCHES }, (_, part) => ({ from: edge(part), to: edge(part + 1) }));
}

/** Reads so many lines out of each stretch; tells how many there are in all. */
async function sample(
  { search, fields, mapping }: Reach,
  query: LogQuery,
  filters: readonly Clause[],
  size: number,
  messages: Map<string, string>,
): Promise<{ readonly left: number }> {
  const answers = await search.all(
    stretchesOf(query).map((stretch) => ({
      ...documentParts(fields),
      ...{ size, track_total_hits: true, sort: inOrder(fields, mapping.nanos) },
      query: { bool: { filter: [...filters, during(mapping.time, stretch)] } },
    })),
  );
  for (const { hits } of answers) {
    for (const hit of hits.hits) messages.set(`${hit._index}\n${hit._id}`, lineOf(hit, fields, 0).message);
  }
  return { left: answers.reduce((sum, { hits }) => sum + (hits.total?.value ?? 0), 0) };
}
