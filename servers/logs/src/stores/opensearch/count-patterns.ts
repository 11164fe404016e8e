import { z } from "zod";
import { MAX_SAMPLE_CHARS } from "../../event-stats.ts";
import type { Level } from "../../levels.ts";
import type { LogQuery, PatternCount, Sample } from "../../store.ts";
import { type Clause, during } from "./clauses.ts";
import { documentParts, inOrder, lineOf } from "./documents.ts";
import { apart, type FoundPattern } from "./found-patterns.ts";
import type { Reach } from "./reach.ts";
import { Hits, type SearchAnswer, type SearchBody } from "./search.ts";

export interface Counted {
  readonly patterns: readonly PatternCount[];
  /** Lines that fit no pattern. */
  readonly left: number;
  /** Lines that were counted under more than one. */
  readonly twice: number;
}

const Part = z.object({ doc_count: z.number(), one: z.object({ hits: Hits }) });
const Moment = z.object({ value: z.number().nullable() });
const Bucket = z.object({ doc_count: z.number(), window: Part, before: Part, first: Moment, last: Moment });
const Buckets = z.object({ buckets: z.record(z.string(), Bucket) });
const REST = "rest";

/** One aggregation: a bucket a pattern, in each both stretches with their first or last line, and one for what is left. */
export function countingSearch(
  { fields, mapping }: Pick<Reach, "fields" | "mapping">,
  { window, before }: LogQuery,
  filters: readonly Clause[],
  patterns: readonly FoundPattern[],
): SearchBody {
  const part = (stretch: LogQuery["window"], order: "asc" | "desc") => ({
    filter: during(mapping.time, stretch),
    aggs: { one: { top_hits: { ...documentParts(fields), size: 1, sort: inOrder(fields, mapping.nanos, order) } } },
  });
  const whole = { from: before.from, to: window.to };
  const named = Object.fromEntries(apart(patterns).map((clause, index) => [String(index), clause]));
  const aggregation = {
    patterns: {
      filters: { filters: named, other_bucket_key: REST },
      aggs: {
        ...{ window: part(window, "asc"), before: part(before, "desc") },
        ...{ first: { min: { field: mapping.time } }, last: { max: { field: mapping.time } } },
      },
    },
  };
  return {
    ...{ size: 0, track_total_hits: true, query: { bool: { filter: [...filters, during(mapping.time, whole)] } } },
    // Without a pattern there is only to count what fits none.
    ...(patterns.length === 0 ? {} : { aggs: aggregation }),
  };
}

export function readCounted(
  reach: Reach,
  level: Level,
  patterns: readonly FoundPattern[],
  answer: SearchAnswer,
): Counted {
  if (patterns.length === 0) return { patterns: [], left: answer.hits.total?.value ?? 0, twice: 0 };
  const { buckets } = Buckets.parse(answer.aggregations?.["patterns"]);
  const { [REST]: other, ...named } = buckets;
  const total = answer.hits.total?.value ?? 0;
  const left = other?.doc_count ?? 0;
  const counted = Object.entries(named).flatMap(([index, bucket]): PatternCount[] => {
    const sample = sampleOf(reach, bucket);
    const pattern = patterns[Number(index)];
    if (bucket.doc_count === 0 || pattern === undefined || sample === undefined) return [];
    return [
      {
        ...{
          level,
          template: pattern.template,
          count: bucket.window.doc_count,
          before: bucket.before.doc_count,
          sample,
        },
        first: Math.floor(bucket.first.value ?? sample.at),
        last: Math.floor(bucket.last.value ?? sample.at),
      },
    ];
  });
  const sum = Object.values(named).reduce((lines, { doc_count }) => lines + doc_count, 0);
  return { patterns: counted, left, twice: Math.max(0, sum - (total - left)) };
}

/** The first line in the window or, when there is none, the last one before. */
function sampleOf({ fields, documentUrl }: Reach, { window, before }: z.output<typeof Bucket>): Sample | undefined {
  const hit = window.one.hits.hits[0] ?? before.one.hits.hits[0];
  if (hit === undefined) return undefined;
  const { message, at, index, id } = lineOf(hit, fields, 1);
  return { text: message.slice(0, MAX_SAMPLE_CHARS), length: message.length, at, url: documentUrl(index, id) };
}
