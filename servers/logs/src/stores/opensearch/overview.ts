import type { Window } from "@oncall-copilot/core";
import { z } from "zod";
import { LEVELS, type Level, noEvents, readLevel } from "../../levels.ts";
import type { LogQuery } from "../../store.ts";
import { CoverageMeter, SLOT_MS } from "../coverage.ts";
import { type Clause, during } from "./clauses.ts";
import type { Mapping } from "./mapping.ts";
import type { SearchAnswer, SearchBody } from "./search.ts";

/** Most different values of the level field that are told apart. */
const MOST_LEVELS = 200;

type Counts = Record<Level, number>;

/** Lines counted by level and time. */
export interface LevelTimes {
  readonly before: Counts;
  readonly window: Counts;
  readonly series: readonly Counts[];
  /** Lines without a level that is known. */
  readonly levelless: number;
  /** The level field's values, by the level that they mean. */
  readonly values: ReadonlyMap<Level, readonly (string | number)[]>;
}

/** The window in equal parts, as whole milliseconds. */
export function partsOf({ window, buckets }: LogQuery): Window[] {
  const edge = (part: number) => window.from + Math.ceil(((window.to - window.from) * part) / buckets);
  return Array.from({ length: buckets }, (_, part) => ({ from: edge(part), to: edge(part + 1) }));
}

/** Counts what passes the filters by level in each part of the window and in the time before. */
export function levelTimesSearch(query: LogQuery, mapping: Mapping, filters: readonly Clause[]): SearchBody {
  const stretches = [query.before, ...partsOf(query)];
  const ranges = stretches.map(({ from, to }, index) => ({ key: String(index), from, to }));
  const levels =
    mapping.level === undefined ? {} : { aggs: { levels: { terms: { field: mapping.level, size: MOST_LEVELS } } } };
  return {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: filters } },
    aggs: { parts: { date_range: { field: mapping.time, format: "epoch_millis", ranges }, ...levels } },
  };
}

const Terms = z.object({
  buckets: z.array(z.object({ key: z.union([z.string(), z.number()]), doc_count: z.number() })),
});
const Parts = z.object({
  buckets: z.array(z.object({ key: z.string(), doc_count: z.number(), levels: Terms.optional() })),
});

export function readLevelTimes({ aggregations }: SearchAnswer, query: LogQuery): LevelTimes {
  const { buckets } = Parts.parse(aggregations?.["parts"]);
  const stretches = Array.from({ length: query.buckets + 1 }, noEvents);
  const values = new Map<Level, Set<string | number>>(LEVELS.map((level) => [level, new Set()]));
  let levelless = 0;
  for (const { key, doc_count, levels } of buckets) {
    const counts = stretches[Number(key)];
    if (counts === undefined) continue;
    let known = 0;
    for (const one of levels?.buckets ?? []) {
      const level = readLevel(one.key);
      if (level === undefined) continue;
      known += one.doc_count;
      counts[level] += one.doc_count;
      values.get(level)?.add(one.key);
    }
    counts.info += doc_count - known;
    levelless += doc_count - known;
  }
  const [before = noEvents(), ...series] = stretches;
  const window = noEvents();
  for (const part of series) for (const level of LEVELS) window[level] += part[level];
  return { before, window, series, levelless, values: new Map([...values].map(([level, set]) => [level, [...set]])) };
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
