import { briefly, CouldNotLook } from "@oncall-copilot/core";
import type { HttpClient } from "@oncall-copilot/core/backend";
import type { MetricsStore, Series, SeriesFound } from "../store.ts";
import { type Failed, failureGaps, failureOfSome, toldTwice, unreadBy } from "./failure-gaps.ts";
import { gridOf } from "./prometheus/grid.ts";
import { linkTo, type Viewer } from "./prometheus/link.ts";
import { type Planned, type Planning, plan } from "./prometheus/plan.ts";
import { queryRange, type Result, type Row } from "./prometheus/query-range.ts";
import { asksByService, fill } from "./prometheus/template.ts";
import { skewGaps } from "./skew.ts";

export interface PrometheusParts extends Planning {
  /** `Prometheus at https://prometheus.example`. */
  readonly name: string;
  readonly http: HttpClient;
  readonly viewer: Viewer;
  /** Seconds between two samples. */
  readonly scrapeSeconds: number;
  /** The present moment in epoch milliseconds; nothing later is asked for. */
  readonly now: () => number;
}

/** Answers from the HTTP API of Prometheus, which Thanos and Mimir have too: one query a signal, however many services. */
export function prometheusStore(parts: PrometheusParts): MetricsStore {
  const { name, http, viewer, scrapeSeconds, now } = parts;
  return {
    name,
    url: (_, series, from, to) => linkTo(viewer, series?.query, from, to),
    series: async ({ services, from, to, signals, abort }): Promise<SeriesFound> => {
      const grid = gridOf(from, Math.min(to, now()), scrapeSeconds);
      if (grid === undefined) return { series: [], gaps: [] };
      const planned = plan(parts, services, signals, grid.rate);
      const asked = await Promise.allSettled(
        planned.map(({ expression }) => queryRange(http, name, expression, grid, abort)),
      );
      abort.throwIfAborted();
      const answered: [Planned, Result][] = [];
      const failed: Failed[] = [];
      for (const [index, query] of planned.entries()) {
        const outcome = asked[index];
        if (outcome?.status === "fulfilled") answered.push([query, outcome.value]);
        else if (outcome?.reason instanceof CouldNotLook) failed.push({ ...query, failure: outcome.reason });
        else throw outcome?.reason;
      }
      if (answered.length === 0 && failed[0]) throw whole(failed[0]);
      const { series, twice } = collect(answered, grid.rate);
      const results = answered.map(([, result]) => result);
      const gaps = [...failureGaps(failed), ...toldTwice(twice), ...said(name, results)];
      return { series, gaps, unread: unreadBy(failed), failure: failureOfSome(failed) };
    },
  };
}

/** Every query failed: the first one says why. One that Prometheus refused is named, since it is the query that is wrong. */
function whole({ failure, signal, source }: Failed): CouldNotLook {
  if (failure.reason !== "bad_response") return failure;
  return new CouldNotLook(failure.reason, `${signal} (${source}): ${failure.message}`, failure);
}

interface Collected {
  readonly series: readonly Series[];
  /** `error_ratio of checkout`, each once. */
  readonly twice: readonly string[];
}

/**
 * Each row to the service it speaks of. Of several rows for one signal of one service in one result the one with the most samples
 * is taken, since ratios and quantiles cannot be added up; of several sources the first that has samples.
 */
function collect(answered: readonly [Planned, Result][], rateSeconds: number): Collected {
  const found = new Map<string, Series>();
  const twice = new Set<string>();
  for (const [query, { rows }] of answered) {
    const best = new Map<string, Row>();
    for (const row of rows) {
      const service = row.times.length === 0 ? undefined : query.serviceOf(row.labels);
      if (service === undefined) continue;
      const other = best.get(service);
      if (other) twice.add(`${query.signal} of ${service}`);
      if (!other || row.times.length > other.times.length) best.set(service, row);
    }
    for (const [service, { labels, times, values }] of best) {
      const key = `${service}\n${query.signal}`;
      if (found.has(key)) continue;
      const value = labels[query.template.label];
      const alone = asksByService(query.template) && value !== undefined;
      const own = alone ? fill(query.template, [value], rateSeconds) : query.expression;
      found.set(key, { service, signal: query.signal, times, values, query: own });
    }
  }
  return { series: [...found.values()], twice: [...twice] };
}

/** What the backend says of its own answers: warnings, and a clock that differs from ours. */
function said(name: string, results: readonly Result[]): string[] {
  const warnings = new Set(results.flatMap((result) => result.warnings));
  const skews = results.flatMap(({ skewMs }) => skewMs ?? []).sort((a, b) => a - b);
  const skew = skews[Math.floor(skews.length / 2)] ?? 0;
  const [first] = warnings;
  return [
    ...(first === undefined
      ? []
      : [`${name} warns: ${briefly(first, 160)}${warnings.size > 1 ? `, and ${warnings.size - 1} more` : ""}`]),
    ...skewGaps(name, skew),
  ];
}
