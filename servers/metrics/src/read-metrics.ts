import {
  BadRequest,
  type Catalog,
  CouldNotLook,
  MAX_HOPS,
  readInstant,
  resolveWindow,
  walkDependencies,
} from "@oncall-copilot/core";
import { defineTool } from "@oncall-copilot/core/server";
import { z } from "zod";
import { alarmsOf, showAlarms } from "./answer/alarms.ts";
import { leftOutOf } from "./answer/baseline.ts";
import { showCallers } from "./answer/callers.ts";
import { compose } from "./answer/compose.ts";
import { gapsOf } from "./answer/gaps.ts";
import { nameSome } from "./answer/names.ts";
import { NOTABLE } from "./answer/notable.ts";
import { nothingFound } from "./answer/nothing-found.ts";
import { pointsOf } from "./answer/points.ts";
import { MetricsAnswer } from "./answer/schema.ts";
import { summaryOf } from "./answer/summary.ts";
import { answerAsText } from "./answer/text.ts";
import { unjudged, unreadOf } from "./answer/unread.ts";
import type { SignalChange } from "./change/signal-change.ts";
import type { Span } from "./change/span.ts";
import type { Asked } from "./measure.ts";
import type { MetricsStore } from "./store.ts";
import { type Surveyed, survey } from "./survey.ts";

const MINUTE_MS = 60_000;
const WINDOW = { defaultMs: 15 * MINUTE_MS, maxMs: 24 * 60 * MINUTE_MS };
const SUSPECTS_A_PAGE = 8;

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  from: z.string().optional().describe("RFC 3339 or relative, e.g. -30m"),
  to: z.string().optional().describe("default now"),
  hops: z.number().int().min(0).max(MAX_HOPS).default(MAX_HOPS).describe("how far along dependencies"),
  signal: z.string().optional().describe("only this signal, e.g. error_ratio"),
  group: z.array(z.string()).max(8).default([]).describe("other services of the alert's group"),
  except: z.array(z.string()).max(8).default([]).describe("earlier incidents, start/end: no part of what is usual"),
  cursor: z.string().optional().describe("next suspects: as the summary gives it"),
});

export interface ReadMetricsParts {
  readonly store: MetricsStore;
  readonly catalog: Catalog;
  /** Milliseconds, for the bound on how long a trail is followed. A recording's stands still: it answers alike on a loaded machine. */
  readonly clock: () => number;
}

export function readMetrics({ store, catalog, clock }: ReadMetricsParts) {
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
    run: async ({ service, hops, signal, group, except, cursor, ...span }, context) => {
      const start = catalog.get(service);
      const offset = readCursor(cursor);
      const window = resolveWindow(span, context.now, WINDOW);
      context.progress(`reading metrics of ${start.name} and what it depends on`);
      // One signal is asked for by someone who knows what they look for.
      const isWhole = signal === undefined && offset === 0;
      const asked: Omit<Asked, "services"> = {
        ...{ from: window.from, to: window.to, abort: context.signal },
        incidents: except.map((text) => readSpan(text, context.now)),
        ...(signal === undefined ? {} : { signals: [signal] }),
      };
      const near = walkDependencies(catalog, start, hops).map(({ entry }) => entry.name);
      const [surveyed, alarms] = await Promise.all([
        survey({ store, catalog, clock }, { start, hops, group, isWhole, asked }),
        isWhole ? alarmsOf(store, { ...asked, services: near }) : { changes: [], gaps: [] },
      ]);
      const { walk, callers, measured, ranked, edge } = surveyed;
      const services = walk.map(({ entry }) => entry.name);
      const hasSeries = measured.changes.length > 0;
      if (!hasSeries && alarms.changes.length === 0) {
        if (measured.failure) throw couldNotLook(measured.failure);
        const gaps = [...measured.gaps, ...alarms.gaps];
        return await nothingFound(store, start.name, { ...asked, services }, { periods: measured.periods, gaps });
      }

      const seen = standings(surveyed);
      const gaps = [...measured.gaps, ...alarms.gaps, ...gapsOf(seen.changes, seen.missing.names)];
      const unusual = ranked.filter(({ score }) => score >= NOTABLE);
      const beside = { callers, changes: measured.changes, start: start.name, window, store, unread: seen.unjudged };
      const { answer, shown, signalsLeftOut } = await compose(
        {
          scene: { start: start.name, kinds: kindsOf(surveyed), window, store, refused: seen.refused },
          asked: offset === 0 ? ranked.find(({ name }) => name === start.name) : undefined,
          everySignal: signal !== undefined || hops === 0,
          suspects: unusual.slice(offset, offset + SUSPECTS_A_PAGE),
          alarms: showAlarms(alarms.changes, window),
          callers: showCallers(beside),
          baseline: { from: measured.periods.baselineFrom, to: measured.periods.baselineTo },
          leftOut: leftOutOf(measured.changes, measured.periods),
          dataEnd: measured.dataEnd,
          noTraffic: seen.noTraffic,
          unread: seen.unread,
          usual: seen.usual.names,
          missing: seen.missing.names,
          gaps,
        },
        context,
      );
      const summary = summaryOf({
        ...{ start: start.name, others: services.length - 1, hops, window, edge, offset, shown, signalsLeftOut },
        ...{
          hasSeries,
          unusual: unusual.length,
          over: unusual.filter(({ recoveredAt }) => recoveredAt !== null).length,
        },
        ...{ standIn: measured.periods.from > window.from, dataEnd: measured.dataEnd },
        unread: seen.unread.map((one) => one.signal),
        ...{ usualLeftOut: seen.usual.leftOut, missingLeftOut: seen.missing.leftOut },
      });
      // For a picture: whoever asks for one signal of one service.
      const alone =
        signal !== undefined && hops === 0 ? measured.changes.find((one) => one.service === start.name) : undefined;
      const points = alone && pointsOf(alone, window);
      return { outcome: "found" as const, summary, gaps, data: points ? { ...answer, points } : answer };
    },
  });
}

const kindsOf = ({ walk }: Surveyed) => new Map(walk.map(({ entry }) => [entry.name, entry.kind] as const));

/** Who of the walk is usual, without traffic, without series, or not to be judged, since what would show it could not be read. */
function standings({ walk, measured, ranked }: Surveyed) {
  const services = walk.map(({ entry }) => entry.name);
  const walked = new Set(services);
  const changes: readonly SignalChange[] = measured.changes.filter(({ service }) => walked.has(service));
  const reporting = new Set(changes.map(({ service }) => service));
  const unread = unreadOf(measured.unread, services, changes);
  const cannotTell = unjudged(unread);
  const without = new Map(
    changes.flatMap(({ service, ...change }) =>
      change.status === "no_traffic" ? [[service, change.since] as const] : [],
    ),
  );
  const start = services[0];
  const isUsual = (name: string, score: number) =>
    score < NOTABLE && name !== start && reporting.has(name) && !cannotTell.has(name) && !without.has(name);
  return {
    ...{ changes, unread, unjudged: cannotTell },
    noTraffic: [...without].slice(0, MAX_WITHOUT_TRAFFIC).map(([service, since]) => ({ service, since })),
    refused: refusedOf(unread, [...cannotTell]),
    usual: nameSome(ranked.flatMap(({ name, score }) => (isUsual(name, score) ? [name] : []))),
    missing: nameSome(services.filter((name) => !reporting.has(name))),
  };
}

/** Names and instants that an answer has room for. */
const MAX_WITHOUT_TRAFFIC = 5;
const MAX_REFUSED = 2;

const refusedOf = (unread: ReturnType<typeof unreadOf>, services: readonly string[]) =>
  new Map(
    services.map((name) => [
      name,
      unread
        .filter((one) => one.services.includes(name))
        .slice(0, MAX_REFUSED)
        .map(({ signal }) => signal),
    ]),
  );

/** Nothing came, and some of it could not be asked for: what is there may be in that. */
const couldNotLook = ({ reason, message, tryNext, cause }: CouldNotLook): CouldNotLook =>
  new CouldNotLook(reason, `no series came, and ${message}`, { tryNext, cause });

/** `start/end`, each as RFC 3339 or relative. */
function readSpan(text: string, now: number): Span {
  const [from, to, ...rest] = text.split("/");
  const isSpan = from !== undefined && to !== undefined && rest.length === 0;
  const span = isSpan ? { from: readInstant(from, now, "except"), to: readInstant(to, now, "except") } : undefined;
  if (!span || span.to <= span.from) {
    throw new BadRequest(`except takes start/end, the end after the start, not "${text.slice(0, 60)}"`, {
      tryNext: ["2026-03-01T09:10:00Z/2026-03-01T09:17:00Z", "-50m/-43m"],
    });
  }
  return span;
}

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
