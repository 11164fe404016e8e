import type { Window } from "@oncall-copilot/core";
import { z } from "zod";
import { LEVELS, type Level, noEvents, readLevel, readsTwoWays } from "../../levels.ts";
import type { LogQuery } from "../../store.ts";
import { CoverageMeter, SLOT_MS } from "../coverage.ts";
import { type Clause, during } from "./clauses.ts";
import { documentParts } from "./documents.ts";
import type { Mapping } from "./mapping.ts";
import type { Reach } from "./reach.ts";
import { type Hit, Hits, type SearchAnswer, type SearchBody } from "./search.ts";

/** Most different values of the level field that are told apart. */
const MAX_LEVELS = 200;

type Counts = Record<Level, number>;

/** Lines counted by level and time. */
export interface LevelTimes {
  readonly before: Counts;
  readonly window: Counts;
  readonly series: readonly Counts[];
  /** Lines without a level that is known. */
  readonly levelless: number;
  /** Lines whose numeric level can be read two ways. */
  readonly ambiguous: number;
  /** Some lines of each level, out of each part of the time. */
  readonly samples: ReadonlyMap<Level, readonly Hit[]>;
  /** The level field's values, by the level that they mean. */
  readonly values: ReadonlyMap<Level, readonly (string | number)[]>;
}

/** Lines of each level that a part of the time brings along. */
const SAMPLE = 8;
/** Into how many parts the time before is cut, to sample it. */
const BEFORE_PARTS = 4;

function partsOf({ from, to }: Window, parts: number): Window[] {
  const edge = (part: number) => from + Math.ceil(((to - from) * part) / parts);
  return Array.from({ length: parts }, (_, part) => ({ from: edge(part), to: edge(part + 1) }));
}

/** Counts what passes the filters by level in each part of the window and in the time before, and brings some lines of each. */
export function levelTimesSearch(
  query: LogQuery,
  { mapping, fields }: Pick<Reach, "mapping" | "fields">,
  filters: readonly Clause[],
): SearchBody {
  const stretches = [...partsOf(query.before, BEFORE_PARTS), ...partsOf(query.window, query.buckets)];
  const ranges = stretches.map(({ from, to }, index) => ({ key: String(index), from, to }));
  const some = { some: { top_hits: { ...documentParts(fields), size: SAMPLE } } };
  const levels = { levels: { terms: { field: mapping.level, size: MAX_LEVELS }, aggs: some } };
  return {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: filters } },
    aggs: {
      parts: {
        date_range: { field: mapping.time, format: "epoch_millis", ranges },
        aggs: mapping.level === undefined ? some : levels,
      },
    },
  };
}

const Some = z.object({ hits: Hits }).optional();
const Terms = z.object({
  buckets: z.array(z.object({ key: z.union([z.string(), z.number()]), doc_count: z.number(), some: Some })),
});
const Parts = z.object({
  buckets: z.array(z.object({ key: z.string(), doc_count: z.number(), some: Some, levels: Terms.optional() })),
});

export function readLevelTimes({ aggregations }: SearchAnswer, query: LogQuery): LevelTimes {
  const { buckets } = Parts.parse(aggregations?.["parts"]);
  const parts = Array.from({ length: BEFORE_PARTS + query.buckets }, noEvents);
  const values = new Map<Level, Set<string | number>>(LEVELS.map((level) => [level, new Set()]));
  const samples = new Map<Level, Hit[]>(LEVELS.map((level) => [level, []]));
  let levelless = 0;
  let ambiguous = 0;
  for (const { key, doc_count, some, levels } of buckets) {
    const counts = parts[Number(key)];
    if (counts === undefined) continue;
    let known = 0;
    for (const one of levels?.buckets ?? []) {
      const level = readLevel(one.key);
      if (readsTwoWays(one.key)) ambiguous += one.doc_count;
      samples.get(level ?? "info")?.push(...(one.some?.hits.hits ?? []));
      if (level === undefined) continue;
      known += one.doc_count;
      counts[level] += one.doc_count;
      values.get(level)?.add(one.key);
    }
    samples.get("info")?.push(...(some?.hits.hits ?? []));
    counts.info += doc_count - known;
    levelless += doc_count - known;
  }
  const sum = (of: readonly Counts[]): Counts => {
    const total = noEvents();
    for (const one of of) for (const level of LEVELS) total[level] += one[level];
    return total;
  };
  const series = parts.slice(BEFORE_PARTS);
  return {
    ...{ before: sum(parts.slice(0, BEFORE_PARTS)), window: sum(series), series, levelless, ambiguous, samples },
    values: new Map([...values].map(([level, set]) => [level, [...set]])),
  };
}

/** When any service at all wrote something, and when the log begins: what there is to compare. */
export function coverageSearches({ before, window }: LogQuery, { time }: Mapping): readonly SearchBody[] {
  const whole = { from: before.from, to: window.to };
  const offset = `${((whole.from % SLOT_MS) + SLOT_MS) % SLOT_MS}ms`;
  return [
    {
      size: 0,
      track_total_hits: false,
      query: during(time, whole),
      aggs: { slots: { date_histogram: { field: time, fixed_interval: `${SLOT_MS}ms`, offset, min_doc_count: 1 } } },
    },
    {
      size: 1,
      track_total_hits: false,
      _source: false,
      docvalue_fields: [{ field: time, format: "epoch_millis" }],
      query: during(time, { to: whole.to }),
      sort: [{ [time]: "asc" }],
    },
  ];
}

const Slots = z.object({ buckets: z.array(z.object({ key: z.number(), doc_count: z.number() })) });

export function readCoverage(
  slots: SearchAnswer | undefined,
  first: SearchAnswer | undefined,
  { before, window }: LogQuery,
  { time }: Mapping,
): CoverageMeter {
  const meter = new CoverageMeter({ from: before.from, to: window.to });
  const begins = Math.floor(Number(first?.hits.hits[0]?.fields?.[time]?.[0]));
  if (Number.isNaN(begins)) return meter;
  meter.saw(begins);
  for (const { key } of Slots.parse(slots?.aggregations?.["slots"]).buckets) meter.saw(Math.max(key, begins));
  return meter;
}
