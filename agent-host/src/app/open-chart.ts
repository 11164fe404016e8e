import { type EvidenceKey, marksOfQuote, type Report } from "@oncall-copilot/core";
import { z } from "zod";
import type { CaseView } from "../deliver/case-delivery.ts";
import type { ChartData } from "../deliver/chart/draw-chart.ts";
import { decidingQuote } from "../deliver/slack/case-words.ts";
import type { ChartSource } from "../deliver/slack/chart-reply.ts";
import { openToolbox } from "../tools/open-toolbox.ts";
import { ServerPool } from "../tools/server-pool.ts";
import { kindOf } from "../verify/kinds.ts";
import { momentOf } from "./moment.ts";
import type { Settings } from "./settings.ts";

export interface ChartParts {
  readonly settings: Settings;
  readonly key: EvidenceKey;
}

/** How long its server is kept for the next picture, in milliseconds. */
const IDLE_MS = 30_000;

/** How much before the turn the picture shows, so that what was usual can be seen. */
const BEFORE_MS = 30 * 60_000;
/** Fewer points draw no line worth looking at. */
const MIN_POINTS = 4;

/** Asks the metrics server for the samples of the signal that decided it. */
export function openChartSource({ settings, key }: ChartParts): { source: ChartSource; close(): Promise<void> } {
  const pool = new ServerPool({ idleMs: IDLE_MS });
  const source: ChartSource = async (view, signal) => {
    const { report } = view;
    const decided = report && decidingSignal(report);
    if (!report || !decided) return null;
    const moment = await momentOf(settings, report.incident);
    const env = { ...settings.env, ...moment.env, ONCALL_SCOPES: "metrics:read" };
    const toolbox = await openToolbox({ key, env, transport: settings.transport, pool });
    try {
      const { service, name } = decided;
      const from = new Date(decided.at - BEFORE_MS).toISOString();
      const args = { service, signal: name, hops: 0, from, to: report.as_of };
      const call = await toolbox.call("read_metrics", args, { signal });
      const read = Answer.safeParse(call.structured);
      return call.outcome === "found" && read.success ? chartOf(view, report, decided, read.data) : null;
    } finally {
      await toolbox.close();
    }
  };
  return { source, close: () => pool.close() };
}

const Answer = z.object({
  points: z.object({
    signal: z.string(),
    since: z.string(),
    seconds: z.array(z.number()),
    values: z.array(z.number()),
  }),
  suspects: z.array(z.object({ signals: z.array(z.object({ signal: z.string(), usual: z.number().nullable() })) })),
});

interface Decided {
  readonly service: string;
  readonly name: string;
  readonly at: number;
}

/** The signal that the deciding quote speaks of; where that is a log line, the signal of the culprit that turned. */
function decidingSignal(report: Report): Decided | null {
  const quote = decidingQuote(report);
  const quoted = [...(quote ? [quote] : []), ...(report.diagnosis?.supports ?? []).map((one) => quotedIn(report, one))];
  for (const { text, evidence } of quoted) {
    if (!evidence || kindOf(evidence.id) !== "metrics") continue;
    const mark = marksOfQuote(evidence, text).find(({ shows, of }) => shows === "unusual" && of !== undefined);
    const service = mark?.whose ?? evidence.about[0];
    if (mark?.of === undefined || service === undefined) continue;
    return { service, name: mark.of, at: mark.from ?? Date.parse(report.incident.started_at) };
  }
  return null;
}

const quotedIn = (report: Report, { id, quote }: { readonly id: string; readonly quote: string }) => ({
  text: quote,
  evidence: report.evidence.find((item) => item.id === id),
});

function chartOf(
  { case: current }: CaseView,
  report: Report,
  { service, name }: Decided,
  { points, suspects }: z.output<typeof Answer>,
): ChartData | null {
  const since = Date.parse(points.since);
  const drawn = points.seconds.flatMap((second, index) => {
    const value = points.values[index];
    return value === undefined ? [] : [{ at: since + second * 1_000, value }];
  });
  if (drawn.length < MIN_POINTS) return null;
  const usual = suspects.flatMap(({ signals }) => signals).find(({ signal }) => signal === name)?.usual ?? null;
  const kept = report.candidates.find(({ verdict, sha }) => verdict === "kept" && sha === report.fix.commit);
  const change = kept ?? report.candidates.find(({ verdict }) => verdict === "kept");
  return {
    ...{ title: `${name} of ${service}`, signal: name, points: drawn },
    usual: usual === null ? null : { low: usual, high: usual },
    marks: [
      ...(change?.live_at
        ? [{ at: Date.parse(change.live_at), label: `${change.sha.slice(0, 7)} of ${change.service} live` }]
        : []),
      { at: current.alert.started_at, label: "alert" },
    ],
  };
}
