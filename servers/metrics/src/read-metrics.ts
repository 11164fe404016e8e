import {
  BadRequest,
  type Catalog,
  CouldNotLook,
  MAX_HOPS,
  type NothingFound,
  nearest,
  type ResolvedWindow,
  resolveWindow,
  walkDependencies,
} from "@oncall-copilot/core";
import { defineTool } from "@oncall-copilot/core/server";
import { z } from "zod";
import { alarmsOf, showAlarms } from "./answer/alarms.ts";
import { compose } from "./answer/compose.ts";
import { shortInstant } from "./answer/figures.ts";
import { gapsOf } from "./answer/gaps.ts";
import { nameSome } from "./answer/names.ts";
import { NOTABLE } from "./answer/notable.ts";
import { MetricsAnswer } from "./answer/schema.ts";
import { answerAsText } from "./answer/text.ts";
import { type Asked, type Measurements, measure } from "./measure.ts";
import { rankSuspects } from "./ranking/rank.ts";
import type { MetricsStore } from "./store.ts";

const MINUTE_MS = 60_000;
const WINDOW = { defaultMs: 15 * MINUTE_MS, maxMs: 24 * 60 * MINUTE_MS };
const SUSPECTS_A_PAGE = 8;

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  from: z.string().optional().describe("RFC 3339 or relative, e.g. -30m"),
  to: z.string().optional().describe("default now"),
  hops: z.number().int().min(0).max(MAX_HOPS).default(MAX_HOPS).describe("how far along dependencies"),
  signal: z.string().optional().describe("only this signal, e.g. error_ratio"),
  cursor: z.string().optional().describe("next suspects: as the summary gives it"),
});

export interface ReadMetricsParts {
  readonly store: MetricsStore;
  readonly catalog: Catalog;
}

export function readMetrics({ store, catalog }: ReadMetricsParts) {
  return defineTool({
    name: "read_metrics",
    title: "Read metrics",
    description:
      "Signals of a service and of all it depends on, up to 3 hops, against the time before: what turned unusual, how much and when, ranked by who is suspect. Ask it first about an alert.",
    scope: "metrics:read",
    readOnly: true,
    input,
    output: MetricsAnswer,
    text: answerAsText,
    run: async ({ service, hops, signal, cursor, ...span }, context) => {
      const start = catalog.get(service);
      const offset = readCursor(cursor);
      const window = resolveWindow(span, context.now, WINDOW);
      const walk = walkDependencies(catalog, start, hops);
      const services = walk.map(({ entry }) => entry.name);
      context.progress(`reading metrics of ${services.length} services and resources`);
      const asked: Asked = {
        ...{ services, from: window.from, to: window.to, abort: context.signal },
        ...(signal === undefined ? {} : { signals: [signal] }),
      };
      // One signal is asked for by someone who knows what they look for.
      const isWhole = signal === undefined && offset === 0;
      const [measured, alarms] = await Promise.all([
        measure(store, asked),
        isWhole ? alarmsOf(store, asked) : { changes: [], gaps: [] },
      ]);
      const hasSeries = measured.changes.length > 0;
      if (!hasSeries && alarms.changes.length === 0) {
        if (measured.failure) throw couldNotLook(measured.failure);
        const gaps = [...measured.gaps, ...alarms.gaps];
        return await nothingFound(store, start.name, asked, { ...measured, gaps });
      }

      const nodes = walk.map(({ entry, hops }) => ({ name: entry.name, hops, dependsOn: entry.dependsOn }));
      const ranked = rankSuspects(nodes, measured.changes, measured.periods.from);
      const unusual = ranked.filter(({ score }) => score >= NOTABLE);
      const reporting = new Set(measured.changes.map((change) => change.service));
      const isUsual = (name: string, score: number) => score < NOTABLE && name !== start.name && reporting.has(name);
      const usual = nameSome(ranked.flatMap(({ name, score }) => (isUsual(name, score) ? [name] : [])));
      const missing = nameSome(services.filter((name) => !reporting.has(name)));
      const gaps = [...measured.gaps, ...alarms.gaps, ...gapsOf(measured.changes, missing.names)];
      const kinds = new Map(walk.map(({ entry }) => [entry.name, entry.kind]));
      const { answer, shown, signalsLeftOut } = await compose(
        {
          scene: { start: start.name, kinds, window, store },
          asked: offset === 0 ? ranked.find(({ name }) => name === start.name) : undefined,
          filtered: signal !== undefined,
          suspects: unusual.slice(offset, offset + SUSPECTS_A_PAGE),
          alarms: showAlarms(alarms.changes, window),
          baseline: { from: measured.periods.baselineFrom, to: measured.periods.baselineTo },
          usual: usual.names,
          missing: missing.names,
          gaps,
        },
        context,
      );
      const left = unusual.length - offset - shown;
      const summary = [
        headline(start.name, services.length - 1, hops, window),
        ...(measured.periods.from > window.from
          ? ["There are too few samples before the window: its first ones stand in as usual."]
          : []),
        // None unusual would sound as if they had been looked at.
        hasSeries
          ? `${unusual.length} of them unusual, ${shown} shown${offset > 0 ? ` after the first ${offset}` : ""}.`
          : "No series of them, alarms alone.",
        ...(left > 0 ? [`${left} more: cursor after-${offset + shown}.`] : []),
        ...(signalsLeftOut > 0
          ? [
              `${signalsLeftOut} more unusual signals of these are not shown: ask one of them with hops 0, or for one signal.`,
            ]
          : []),
        ...(usual.leftOut > 0 ? [`${usual.leftOut} more with nothing unusual are not named.`] : []),
        ...(missing.leftOut > 0 ? [`${missing.leftOut} more without series are not named: fewer hops name them.`] : []),
        ...window.notes,
      ].join(" ");
      return { outcome: "found" as const, summary, gaps, data: answer };
    },
  });
}

/** Nothing came, and some of it could not be asked for: what is there may be in that. */
const couldNotLook = ({ reason, message, tryNext, cause }: CouldNotLook): CouldNotLook =>
  new CouldNotLook(reason, `no series came, and ${message}`, { tryNext, cause });

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const offset = /^after-(\d{1,4})$/.exec(cursor.trim())?.[1];
  if (offset === undefined) {
    throw new BadRequest(`cursor is not one that read_metrics gave: "${cursor.slice(0, 40)}"`, {
      tryNext: ["leave it out to begin with the first suspects"],
    });
  }
  return Number(offset);
}

function headline(start: string, others: number, hops: number, window: ResolvedWindow): string {
  const below = others === 0 ? "" : ` and the ${others} it depends on within ${hops} ${hops === 1 ? "hop" : "hops"}`;
  return `${start}${below}, ${shortInstant(window.from)} to ${shortInstant(window.to)}, against the time before.`;
}

/** Says what was searched; when one signal was asked for, also which ones there are. */
async function nothingFound(
  store: MetricsStore,
  start: string,
  { services, from, to, signals, abort }: Asked,
  { periods, gaps }: Measurements,
): Promise<NothingFound<MetricsAnswer>> {
  const [signal] = signals ?? [];
  const spanOf = (first: number, last: number) => ({ from: shortInstant(first), to: shortInstant(last) });
  const known = signal ? await store.series({ services, from: periods.baselineFrom, to, abort }) : undefined;
  const names = [...new Set(known?.series.map((series) => series.signal))].sort();
  const close = signal ? nearest(signal, names, 3) : [];
  const offered = [...new Set([...close, ...names])];
  const some = offered.slice(0, MAX_SIGNALS_OFFERED).join(", ");
  const more = offered.length > MAX_SIGNALS_OFFERED ? ` and ${offered.length - MAX_SIGNALS_OFFERED} more` : "";
  const { names: missing, leftOut } = nameSome(services);
  return {
    outcome: "nothing_found",
    summary: `No series${signal ? ` named ${signal.slice(0, 80)}` : ""} of ${start} or what it depends on.`,
    gaps: [...gaps],
    searched: `${store.name}: ${missing.join(", ")}${leftOut > 0 ? ` and ${leftOut} more` : ""}; ${shortInstant(periods.baselineFrom)} to ${shortInstant(to)}`,
    absence: {
      about: missing,
      over: 0,
      from: periods.baselineFrom,
      to,
      url: store.url(start, undefined, from, to),
    },
    tryNext:
      offered.length > 0
        ? [`a signal that is there: ${some}${more}`]
        : ["another window", "the logs: nothing here reports metrics"],
    data: {
      service: start,
      window: spanOf(from, to),
      baseline: spanOf(periods.baselineFrom, from),
      suspects: [],
      more: null,
      usual: [],
      missing: [...missing],
    },
  };
}

const MAX_SIGNALS_OFFERED = 20;
