import type { MetricsStore, Series, SeriesFound } from "../store.ts";
import { type AlarmParts, readAlarms } from "./cloudwatch/alarms.ts";
import { reckon } from "./cloudwatch/formula.ts";
import { graphOf, linkTo } from "./cloudwatch/link.ts";
import { keyOf } from "./cloudwatch/metric.ts";
import { spanOf } from "./cloudwatch/periods.ts";
import { type Plan, type Planned, planOf } from "./cloudwatch/plan.ts";
import { type PointsFound, readPoints } from "./cloudwatch/read.ts";
import { type Failed, failureGaps, failureOfSome, unreadBy } from "./failure-gaps.ts";
import { skewGaps } from "./skew.ts";

export interface CloudWatchParts extends AlarmParts {
  /** So long after its end a period may still be incomplete, in milliseconds: a half counted minute looks like a drop. */
  readonly settleMs: number;
  /** The present moment in epoch milliseconds; nothing later is asked for. */
  readonly now: () => number;
  /** Whether it is the only source, so that a service without a resource here is worth a gap. */
  readonly isOnly: boolean;
}

/**
 * So long after a period's end a count of it may still come in: until then, none is not taken for zero. Short enough that what is not
 * called any more does not look as if it had stopped reporting.
 */
const LATE_MS = 120_000;
const NAMED_AT_MOST = 3;

/** Answers from CloudWatch's GetMetricData: one batch for all services and signals. */
export function cloudWatchStore(parts: CloudWatchParts): MetricsStore {
  const { names, region, now, settleMs, client, isOnly } = parts;
  return {
    name: names.name,
    url: (_, series, from, to) => linkTo(region, series?.query, from, to),
    alarms: (query) => readAlarms(parts, query),
    series: async ({ services, from, to, signals, abort }): Promise<SeriesFound> => {
      const span = spanOf(from, Math.min(to, now() - settleMs), now());
      const plan = planOf(parts, services, signals);
      const gaps = [...elsewhereGaps(plan, parts.region), ...(isOnly && plan.isEmpty ? [NOT_ANNOTATED] : [])];
      if (span === undefined || plan.metrics.size === 0) return { series: [], gaps };
      const found = await readPoints(parts, plan.metrics, span, abort);
      const complete = Math.min(span.end, now() - LATE_MS);
      const series = plan.planned.flatMap((one) => seriesOf(one, found, span.periodMs, complete));
      const failed = failedOf(plan, found);
      return {
        series: firstOfEach(series),
        gaps: [...gaps, ...failureGaps(failed), ...found.gaps, ...skewGaps(names.name, client.skewMs())],
        unread: unreadBy(failed),
        failure: failureOfSome(failed),
      };
    },
  };
}

const NOT_ANNOTATED =
  "no AWS resource is named for any of these in the catalog: annotate them, as with oncall/cloudwatch.lambda";

function elsewhereGaps({ elsewhere }: Plan, region: string): string[] {
  if (elsewhere.size === 0) return [];
  const named = [...elsewhere].slice(0, NAMED_AT_MOST).map(([service, its]) => `${service} (${its})`);
  const more = elsewhere.size > NAMED_AT_MOST ? ` and ${elsewhere.size - NAMED_AT_MOST} more` : "";
  return [`not asked for, since only ${region} is: resources of ${named.join(", ")}${more}`];
}

function seriesOf(planned: Planned, { points }: PointsFound, periodMs: number, complete: number): Series[] {
  const { service, signal, formula, metrics } = planned;
  const given = metrics.flatMap((metric) => points.get(keyOf(metric)) ?? []);
  if (given.length < metrics.length) return []; // one of them could not be asked for
  const { times, values } = reckon(formula, given, periodMs, complete);
  return times.length === 0 ? [] : [{ service, signal, times, values, query: graphOf(planned, periodMs) }];
}

/** Where several resources of one service tell the same signal, the first that has samples is believed. */
function firstOfEach(series: readonly Series[]): Series[] {
  const found = new Map<string, Series>();
  for (const one of series) {
    const key = `${one.service}\n${one.signal}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

function failedOf({ planned }: Plan, { failed }: PointsFound): Failed[] {
  return planned.flatMap(({ service, signal, metrics }) => {
    const [failure] = metrics.flatMap((metric) => failed.get(keyOf(metric)) ?? []);
    return failure ? [{ signal, source: service, service, failure }] : [];
  });
}
