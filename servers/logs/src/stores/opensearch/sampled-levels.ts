import type { Window } from "@oncall-copilot/core";
import { isTraceLine } from "../../events/trace.ts";
import type { Level } from "../../levels.ts";
import type { LogQuery, PatternCount } from "../../store.ts";
import { type Clause, during } from "./clauses.ts";
import { type Counted, countingSearch, readCounted } from "./count-patterns.ts";
import { documentParts, inOrder, lineOf } from "./documents.ts";
import { type FoundPattern, findPatterns, rest } from "./found-patterns.ts";
import type { Reach } from "./reach.ts";
import type { Hit } from "./search.ts";

/** A level with too many lines to read: what was found in some of them, and counted in all. */
export interface SampledLevel {
  readonly level: Level;
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

/** Into so many stretches of equal length the time is cut. Few: each costs the index a search. */
const STRETCHES = 4;
/** Lines that no pattern fits, out of each stretch. */
const FURTHER = 60;
/** Times that the patterns are counted; between two, what fits none is looked into. */
const MAX_ROUNDS = 6;

/** A level while it is worked on. */
export interface Sampling {
  readonly level: Level;
  readonly filters: readonly Clause[];
  /** Messages by document. */
  readonly messages: Map<string, string>;
}

function sampleSearches({ fields, mapping }: Reach, query: LogQuery, filters: readonly Clause[], size: number) {
  // In turn the first lines and the last ones: of the last stretch the newest, since an incident is near the end.
  return stretchesOf(query).map((stretch, index) => ({
    ...documentParts(fields),
    ...{ size, track_total_hits: false, sort: inOrder(fields, mapping.nanos, index % 2 === 0 ? "asc" : "desc") },
    query: { bool: { filter: [...filters, during(mapping.time, stretch)] } },
  }));
}

function stretchesOf({ before, window }: LogQuery): Window[] {
  const edge = (part: number) => before.from + Math.floor(((window.to - before.from) * part) / STRETCHES);
  return Array.from({ length: STRETCHES }, (_, part) => ({ from: edge(part), to: edge(part + 1) }));
}

/** Adds what was found to a level's messages; tells whether any of it was new. */
export function takeSample({ fields }: Reach, { messages }: Sampling, hits: readonly Hit[]): boolean {
  const before = messages.size;
  for (const hit of hits) messages.set(`${hit._index}\n${hit._id}`, lineOf(hit, fields, 0).message);
  return messages.size > before;
}

/**
 * Counts the patterns of sampled levels, all in one request; then, again and again, looks into the lines that no pattern fits,
 * until none is left. So a line that is one among a million is found as surely as the million are, as long as there are not too
 * many kinds of lines. `most` is how many lines may be read for it.
 */
export async function countSampled(
  reach: Reach,
  query: LogQuery,
  samplings: readonly Sampling[],
  most: number,
): Promise<readonly SampledLevel[]> {
  const done = new Map<Level, SampledLevel>();
  let open: readonly Mined[] = samplings.map((sampling) => ({ sampling, patterns: mine(reach, sampling) }));
  let room = most;
  for (let round = 1; open.length > 0; round++) {
    const counted = await countAll(reach, query, open);
    for (const [index, { sampling }] of open.entries()) {
      const counts = counted[index];
      if (counts !== undefined) done.set(sampling.level, resultOf(sampling, counts));
    }
    const unsettled = open.filter((_, index) => (counted[index]?.left ?? 0) > 0);
    const size = Math.min(FURTHER, Math.floor(room / (STRETCHES * unsettled.length)));
    if (unsettled.length === 0 || round === MAX_ROUNDS || size < 1) break;
    room -= size * STRETCHES * unsettled.length;
    open = await lookFurther(reach, query, unsettled, size);
  }
  return samplings.flatMap(({ level }) => done.get(level) ?? []);
}

interface Mined {
  readonly sampling: Sampling;
  readonly patterns: readonly FoundPattern[];
}

const mine = ({ mapping }: Reach, { messages }: Sampling) => findPatterns(messages.values(), mapping.message);

async function countAll(reach: Reach, query: LogQuery, mined: readonly Mined[]): Promise<readonly Counted[]> {
  const answers = await reach.search.all(
    mined.map(({ sampling, patterns }) => countingSearch(reach, query, sampling.filters, patterns)),
  );
  return mined.flatMap(({ sampling, patterns }, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [readCounted(reach, sampling.level, patterns, answer)];
  });
}

/** Reads some of the lines that fit no pattern and mines again; only levels in which that brought something new go on. */
async function lookFurther(reach: Reach, query: LogQuery, mined: readonly Mined[], size: number): Promise<Mined[]> {
  const searches = mined.map(({ sampling, patterns }) =>
    sampleSearches(reach, query, [...sampling.filters, ...rest(patterns)], size),
  );
  const answers = await reach.search.all(searches.flat());
  let at = 0;
  return mined.flatMap(({ sampling }, index) => {
    const own = answers.slice(at, at + (searches[index]?.length ?? 0));
    at += own.length;
    const hits = own.flatMap((answer) => answer.hits.hits);
    return takeSample(reach, sampling, hits) ? [{ sampling, patterns: mine(reach, sampling) }] : [];
  });
}

function resultOf({ level, messages }: Sampling, { patterns, left, twice }: Counted): SampledLevel {
  const isTrace = ({ sample }: PatternCount) => isTraceLine(sample.text);
  const traces = patterns.filter(isTrace);
  return {
    ...{ level, read: messages.size, left, twice },
    patterns: patterns.filter((pattern) => !isTrace(pattern)),
    traceLines: traces.reduce((sum, { count, before }) => sum + count + before, 0),
  };
}
