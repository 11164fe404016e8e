import { briefly, CouldNotLook } from "@oncall-copilot/core";
import type { HttpClient } from "@oncall-copilot/core/backend";
import type { MetricsStore, Series, SeriesFound } from "../store.ts";
import { type Failed, failureGaps, failureOfSome, toldTwice, unreadBy } from "./failure-gaps.ts";
import { byOtherLabels } from "./prometheus/by-other-labels.ts";
import { gridOf } from "./prometheus/grid.ts";
import { linkTo, type Viewer } from "./prometheus/link.ts";
import { namesOf } from "./prometheus/names.ts";
import { type Planned, type Planning, plan } from "./prometheus/plan.ts";
import { matcher, quote } from "./prometheus/promql.ts";
import { queryRange, type Result, type Row } from "./prometheus/query-range.ts";
import {
  agree,
  isIn,
  placeOf,
  SCOPE_ANNOTATION,
  SCOPE_LABELS,
  type Scope,
  scopeIn,
  scopeOf,
} from "./prometheus/scope.ts";
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
    lookedFor: (service) => lookedFor(parts, service),
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
      const first = collect(parts, answered, grid.rate);
      const lacking = withoutStatus(planned, first.series, failed);
      const further = await byOtherLabels(parts, { services: lacking, answered, grid, abort });
      answered.push(...further.answered);
      const { series, gaps: placed } = further.answered.length === 0 ? first : collect(parts, answered, grid.rate);
      const results = answered.map(([, result]) => result);
      const gaps = [...failureGaps(failed), ...placed, ...further.gaps, ...said(name, results)];
      return { series, gaps, unread: unreadBy(failed), failure: failureOfSome(failed) };
    },
  };
}

/** Every query failed: the first one says why. One that Prometheus refused is named, since it is the query that is wrong. */
function whole({ failure, signal, source }: Failed): CouldNotLook {
  if (failure.reason !== "bad_response") return failure;
  return new CouldNotLook(failure.reason, `${signal} (${source}): ${failure.message}`, failure);
}

/** The matchers by which a service is looked for, one for each label that some preset has. */
function lookedFor({ catalog, sources, matchers }: PrometheusParts, service: string): string {
  const labels = new Set(sources.flatMap(({ signals }) => [...signals.values()].map(({ label }) => label)));
  const { values } = namesOf(catalog, [service]);
  const by = [...labels].slice(0, MAX_LABELS).map((label) => matcher(label, values));
  return `${by.join(" or ")}${matchers ? `, each with ${matchers}` : ""}`;
}

const MAX_LABELS = 5;

interface Collected {
  readonly series: readonly Series[];
  readonly gaps: readonly string[];
}

interface Told {
  readonly query: Planned;
  readonly row: Row;
}

/**
 * Each row to the service it speaks of, of one environment alone. Of several rows for one signal of one service in one result the one with the
 * most samples is taken, since ratios and quantiles cannot be added up; of several sources the first that has samples.
 */
function collect(parts: PrometheusParts, answered: readonly [Planned, Result][], rateSeconds: number): Collected {
  const byService = new Map<string, Told[]>();
  for (const [query, { rows }] of answered) {
    for (const row of rows) {
      const service = row.times.length === 0 ? undefined : query.serviceOf(row.labels);
      if (service !== undefined) byService.set(service, [...(byService.get(service) ?? []), { query, row }]);
    }
  }
  const found = new Map<string, Series>();
  const twice = new Set<string>();
  const gaps: string[] = [];
  for (const [service, all] of byService) {
    const wanted = scopeOf(parts.catalog, service);
    const within = all.filter(({ row }) => isIn(row.labels, wanted));
    const { told, others } = placeOf(within.map(({ row }) => ({ labels: row.labels, samples: row.times.length })));
    gaps.push(...placeGaps(service, all, within, wanted, told, others));
    const best = new Map<Planned, Row>();
    for (const { query, row } of within.filter(({ row }) => agree(told, scopeIn(row.labels)))) {
      const other = best.get(query);
      if (other) twice.add(`${query.signal} of ${service}`);
      if (!other || row.times.length > other.times.length) best.set(query, row);
    }
    for (const [query, { labels, times, values }] of best) {
      const key = `${service}\n${query.signal}`;
      if (found.has(key)) continue;
      const value = labels[query.template.label];
      const alone = asksByService(query.template) && value !== undefined;
      const own = alone
        ? fill(query.template, [value], rateSeconds, { matchers: matchersOf(labels, parts.matchers) })
        : query.expression;
      found.set(key, { service, signal: query.signal, times, values, query: own });
    }
  }
  return { series: [...found.values()], gaps: [...toldTwice([...twice]), ...gaps] };
}

/** A link shows the same rows: of the same environment. */
function matchersOf(labels: Row["labels"], configured: string | undefined): string | undefined {
  const own = SCOPE_LABELS.flatMap((label) => (labels[label] ? [`${label}=${quote(labels[label])}`] : []));
  return [...(configured ? [configured] : []), ...own].join(",") || undefined;
}

/** Services that are asked something, of whom no status of a request was seen: that is no error ratio of zero. */
function withoutStatus(
  planned: readonly Planned[],
  series: readonly Series[],
  failed: readonly Failed[],
): readonly string[] {
  const wanted = planned.some(({ signal }) => signal === "error_ratio");
  if (!wanted || failed.some(({ signal }) => signal === "error_ratio")) return [];
  const withErrors = new Set(series.filter(({ signal }) => signal === "error_ratio").map(({ service }) => service));
  const asked = series.filter(
    ({ service, signal, values }) =>
      signal === "requests_per_second" && !withErrors.has(service) && values.some((value) => value > 0),
  );
  return asked.map(({ service }) => service);
}

const MAX_PLACES = 3;

function placeGaps(
  service: string,
  all: readonly Told[],
  within: readonly Told[],
  wanted: Scope,
  told: string,
  others: readonly string[],
): string[] {
  if (within.length === 0 && all.length > 0) {
    const places = [...new Set(all.map(({ row }) => scopeIn(row.labels)))].slice(0, MAX_PLACES).join(" and ");
    const where = Object.entries(wanted).map(([label, value]) => `${label}=${value}`);
    return [
      `${service} has no series with ${where.join(", ")}, where the catalog says it runs; it has some with ${places}`,
    ];
  }
  if (others.length === 0) return [];
  const more = others.length > MAX_PLACES ? ` and ${others.length - MAX_PLACES} more` : "";
  return [
    `several answer to the name ${service}: told is the one with ${told}, and not ${others.slice(0, MAX_PLACES).join("; ")}${more}; say which by ${SCOPE_ANNOTATION} in the catalog or ONCALL_METRICS_PROMETHEUS_MATCHERS`,
  ];
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
