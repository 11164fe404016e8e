import { briefly, CouldNotLook } from "@oncall-copilot/core";
import type { BackendNames } from "@oncall-copilot/core/backend";
import { z } from "zod";
import { anotherShape, type CloudWatch } from "./client.ts";
import { inOrder, type Metric, type Points } from "./metric.ts";
import type { Span } from "./periods.ts";

/** Limits of GetMetricData. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;
/** An answer that goes on for longer has something wrong with it. */
const MAX_PAGES = 20;

const Page = z.object({
  MetricDataResults: z.array(
    z.object({
      Id: z.string(),
      Timestamps: z.array(z.date()).default([]),
      Values: z.array(z.number()).default([]),
      StatusCode: z.string().optional(),
    }),
  ),
  NextToken: z.string().optional(),
  Messages: z.array(z.object({ Code: z.string().optional(), Value: z.string().optional() })).default([]),
});

export interface ReadParts {
  readonly names: BackendNames;
  readonly client: CloudWatch;
}

export interface PointsFound {
  /** By the metric's key. A metric that was asked for and has nothing is there, empty. */
  readonly points: ReadonlyMap<string, Points>;
  /** Keys that could not be asked for or were not answered in full, with why: none of these is in `points`, where empty is none. */
  readonly failed: ReadonlyMap<string, CouldNotLook>;
  readonly gaps: readonly string[];
}

type Keyed = readonly (readonly [key: string, metric: Metric])[];

/** Reads metrics in as few requests as CloudWatch lets one. Throws CouldNotLook when every metric failed. */
export async function readPoints(
  parts: ReadParts,
  metrics: ReadonlyMap<string, Metric>,
  span: Span,
  abort: AbortSignal,
): Promise<PointsFound> {
  const each = Math.max(1, (span.end - span.start) / span.periodMs);
  const most = Math.max(1, Math.min(MAX_QUERIES, Math.floor(MAX_DATAPOINTS / each)));
  const all: Keyed = [...metrics];
  const batches = Array.from({ length: Math.ceil(all.length / most) }, (_, index) =>
    all.slice(index * most, (index + 1) * most),
  );
  const asked = await Promise.allSettled(batches.map((batch) => readBatch(parts, batch, span, abort)));
  abort.throwIfAborted();
  const points = new Map<string, Points>();
  const failed = new Map<string, CouldNotLook>();
  const gaps = new Set<string>();
  for (const [index, outcome] of asked.entries()) {
    const batch = batches[index] ?? [];
    if (outcome.status === "fulfilled") {
      for (const [key, found] of outcome.value.points) points.set(key, found);
      for (const [key, failure] of outcome.value.failed) failed.set(key, failure);
      for (const gap of outcome.value.gaps) gaps.add(gap);
    } else if (outcome.reason instanceof CouldNotLook) {
      for (const [key] of batch) failed.set(key, outcome.reason);
    } else throw outcome.reason;
  }
  const [first] = failed.values();
  if (points.size === 0 && first) throw first;
  return { points, failed, gaps: [...gaps] };
}

async function readBatch(
  { names, client }: ReadParts,
  batch: Keyed,
  { start, end, periodMs }: Span,
  abort: AbortSignal,
): Promise<PointsFound> {
  const failed = new Map<string, CouldNotLook>();
  const found = batch.map(() => new Map<number, number>());
  const gaps = new Set<string>();
  const queries = batch.map(([, { namespace, name: metric, dimensions, stat }], index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: inOrder(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      ...{ Period: periodMs / 1000, Stat: stat },
    },
  }));
  let token: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const input = {
      ...{ MetricDataQueries: queries, StartTime: new Date(start), EndTime: new Date(end) },
      ...{ ScanBy: "TimestampAscending" as const, MaxDatapoints: MAX_DATAPOINTS },
      ...(token === undefined ? {} : { NextToken: token }),
    };
    const parsed = Page.safeParse(await client.metricData(input, abort));
    if (!parsed.success) {
      const where = parsed.error.issues[0]?.path.join(".") || "the whole answer";
      throw anotherShape(names, `${where} is not as it should be`);
    }
    const { MetricDataResults: results, NextToken: next, Messages: messages } = parsed.data;
    for (const { Code: code = "", Value: said = "" } of messages)
      gaps.add(`${names.name} says ${code}: ${briefly(said, 120)}`);
    for (const { Id: id, Timestamps: times, Values: values, StatusCode: status } of results) {
      const into = found[Number(id.slice(1))];
      if (!into || !/^m\d+$/.test(id)) continue;
      for (const [index, at] of times.entries()) {
        const value = values[index];
        // What lies beyond what was asked for is not looked at, whoever says it.
        if (value !== undefined && +at >= start && +at < end) into.set(+at, value);
      }
      const asked = batch[Number(id.slice(1))];
      if (asked && (status === "Forbidden" || status === "InternalError"))
        failed.set(asked[0], notGiven(asked[1], status, names));
    }
    if (next === undefined) return { points: pointsByKey(batch, found, failed), failed, gaps: [...gaps] };
    token = next;
  }
  // Which metrics are cut cannot be told, and what is missing of a count would be taken for zeros.
  const cut = cutShort(names);
  return { points: new Map(), failed: new Map(batch.map(([key]) => [key, failed.get(key) ?? cut])), gaps: [...gaps] };
}

const pointsByKey = (
  batch: Keyed,
  found: readonly Points[],
  failed: PointsFound["failed"],
): ReadonlyMap<string, Points> =>
  new Map(batch.flatMap(([key], index) => (failed.has(key) ? [] : [[key, found[index] ?? new Map()] as const])));

const notGiven = (metric: Metric, status: "Forbidden" | "InternalError", { name }: BackendNames): CouldNotLook =>
  new CouldNotLook(
    status === "Forbidden" ? "forbidden" : "bad_response",
    `${name} could not give ${metric.namespace} ${metric.name} (${status})`,
  );

function cutShort({ name }: BackendNames): CouldNotLook {
  const cure = "ask for a shorter window";
  const message = `${name} had more than ${MAX_PAGES} pages: the newest samples are missing`;
  return new CouldNotLook("too_large", message, { cure });
}
