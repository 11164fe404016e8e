import {
  BadRequest,
  type Catalog,
  defineTool,
  formatDuration,
  MOST_HOPS,
  nearest,
  resolveWindow,
  walkDependencies,
} from "@oncall-copilot/core";
import { z } from "zod";
import { compose } from "./answer/compose.ts";
import { shortInstant } from "./answer/figures.ts";
import { gapsOf } from "./answer/gaps.ts";
import { MetricsAnswer } from "./answer/schema.ts";
import { answerAsText } from "./answer/text.ts";
import { measure } from "./measure.ts";
import { rankSuspects } from "./ranking/rank.ts";
import type { MetricsStore } from "./store.ts";

const MINUTE_MS = 60_000;
const WINDOW = { defaultMs: 15 * MINUTE_MS, mostMs: 24 * 60 * MINUTE_MS };
const SUSPECTS_A_PAGE = 5;

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  from: z.string().optional().describe("RFC 3339 or relative, e.g. -30m"),
  to: z.string().optional().describe("default now"),
  hops: z.number().int().min(0).max(MOST_HOPS).default(MOST_HOPS).describe("how far along dependencies"),
  signal: z.string().optional().describe("only this signal, e.g. error_ratio"),
  cursor: z.string().optional().describe("next suspects, from the summary"),
});

export interface ReadMetricsParts {
  readonly store: MetricsStore;
  readonly catalog: Catalog;
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const offset = Number(/^after-(\d{1,4})$/.exec(cursor.trim())?.[1] ?? Number.NaN);
  if (Number.isNaN(offset)) {
    throw new BadRequest(`cursor is not one that read_metrics gave: "${cursor.slice(0, 40)}"`, {
      tryNext: ["leave it out to start with the first suspects"],
    });
  }
  return offset;
}

export function readMetrics({ store, catalog }: ReadMetricsParts) {
  return defineTool({
    name: "read_metrics",
    title: "Read metrics",
    description:
      "Signals of a service and all it depends on (up to 3 hops), against the time before: which service turned unusual first, how much and when, ranked as suspects. Use it first on an alert.",
    scope: "metrics:read",
    readOnly: true,
    input,
    output: MetricsAnswer,
    text: answerAsText,
    run: async ({ service, hops, signal, cursor, ...asked }, context) => {
      const start = catalog.get(service);
      const offset = readCursor(cursor);
      const window = resolveWindow(asked, context.now, WINDOW);
      const walk = walkDependencies(catalog, start, hops);
      const services = walk.map(({ entry }) => entry.name);
      context.progress(`reading the metrics of ${services.length} services and resources`);
      const query = { services, from: window.from, to: window.to, abort: context.signal };
      const { periods, changes } = await measure(store, { ...query, ...(signal ? { signals: [signal] } : {}) });
      const baseline = { from: periods.baselineFrom, to: periods.from };
      const span = `${shortInstant(window.from)} to ${shortInstant(window.to)}`;
      const nothing = { service: start.name, suspects: [], usual: [], missing: services };
      const spans = {
        window: { from: shortInstant(window.from), to: shortInstant(window.to) },
        baseline: { from: shortInstant(baseline.from), to: shortInstant(baseline.to) },
      };
      if (changes.length === 0) {
        const known = signal ? await signalNames(store, query, periods.baselineFrom) : [];
        return {
          outcome: "nothing_found" as const,
          summary: `No series${signal ? ` named ${signal}` : ""} of ${start.name} or what it depends on, ${span}.`,
          searched: `${store.name}: ${services.length} services and resources (${services.join(", ")}), ${shortInstant(baseline.from)} to ${shortInstant(window.to)}`,
          tryNext: signal
            ? [
                `signals there are: ${[...new Set([...nearest(signal, known, 3), ...known])].slice(0, 20).join(", ") || "none"}`,
              ]
            : ["another window", "whether these services report metrics at all"],
          data: { ...nothing, ...spans },
        };
      }
      const nodes = walk.map((step) => ({
        name: step.entry.name,
        hops: step.hops,
        dependsOn: step.entry.dependsOn,
      }));
      const ranked = rankSuspects(nodes, changes, window.from);
      const reporting = new Set(changes.map((change) => change.service));
      const unusual = ranked.filter(({ score }) => score > 0);
      const page = unusual.slice(offset, offset + SUSPECTS_A_PAGE);
      const usual = ranked.filter(({ name, score }) => score === 0 && name !== start.name && reporting.has(name));
      const missing = services.filter((name) => !reporting.has(name));
      const gaps = gapsOf(changes, missing);
      const { answer, signalsLeftOut } = await compose(
        {
          start: start.name,
          kinds: new Map(walk.map(({ entry }) => [entry.name, entry.kind])),
          asked: offset === 0 ? ranked.find(({ name }) => name === start.name) : undefined,
          suspects: page,
          window,
          baseline,
          usual: usual.map(({ name }) => name),
          missing,
          gaps,
        },
        store,
        context,
      );
      const shownUnusual = page.filter(({ name }) => answer.suspects.some((suspect) => suspect.service === name));
      const next = offset + Math.max(shownUnusual.length, 1);
      const left = unusual.length - offset - shownUnusual.length;
      const summary = [
        `${start.name} and the ${services.length - 1} it depends on within ${hops} hops, ${span} (${formatDuration(window.to - window.from)}), against the ${formatDuration(baseline.to - baseline.from)} before: ${unusual.length} with something unusual, ${shownUnusual.length} shown${offset > 0 ? ` from the ${offset + 1}th on` : ""}.`,
        ...(left > 0 ? [`${left} more suspects: cursor after-${next}.`] : []),
        ...(signalsLeftOut > 0 ? [`${signalsLeftOut} more unusual signals of those: signal or hops narrows.`] : []),
        ...window.notes,
      ].join(" ");
      return { outcome: "found" as const, summary, gaps, data: answer };
    },
  });
}

async function signalNames(
  store: MetricsStore,
  query: { services: readonly string[]; to: number; abort: AbortSignal },
  from: number,
): Promise<string[]> {
  const all = await store.series({ ...query, from });
  return [...new Set(all.map((series) => series.signal))].sort();
}
