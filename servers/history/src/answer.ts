import { type Catalog, fence } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import { incidentText, shown } from "./incident-text.ts";
import { second, span } from "./instants.ts";
import { saysNoFault, saysRevert } from "./meaning.ts";
import type { HistoryOutput, IncidentOutput, StatisticsOutput } from "./output.ts";
import { causeQuote, fixQuote, statisticsText } from "./statistics-text.ts";
import type { HistoryStore, PastIncident, Statistics } from "./store.ts";

/** The figures, with evidence that says them in sentences. `about` and `kind` name whose they are, `service` for code. */
export async function statisticsOutput(
  about: string,
  service: string,
  kind: string,
  statistics: Statistics,
  store: HistoryStore,
  context: ToolContext,
): Promise<StatisticsOutput> {
  const evidence = await context.evidence({
    text: statisticsText(about, kind, statistics, context.now),
    url: store.url,
    at: span(statistics.firstAt, statistics.lastAt),
    about: [service],
    shows: [{ shows: "past", over: statistics.count }],
  });
  return {
    basis: statistics.basis,
    count: statistics.count,
    open: statistics.open,
    last_90_days: statistics.last90Days,
    last_365_days: statistics.last365Days,
    last_at: second(statistics.lastAt),
    median_seconds: whole(statistics.medianSeconds),
    p25_seconds: whole(statistics.p25Seconds),
    p75_seconds: whole(statistics.p75Seconds),
    root_causes: statistics.rootCauses.map((cause) => ({
      root_cause: shown(cause.rootCause),
      count: cause.count,
      ...(saysNoFault(cause.rootCause) ? { no_fault: true as const } : {}),
      ...placeOf(causeQuote(cause, statistics), evidence.text),
    })),
    fixes: statistics.fixes.map((record) => ({
      fix: shown(record.fix),
      ...{ worked: record.worked, failed: record.failed, unknown: record.unknown },
      median_seconds: whole(record.medianSeconds),
      ...(saysRevert(record.fix) ? { reverts: true as const } : {}),
      ...placeOf(fixQuote(record), evidence.text),
    })),
    evidence,
  };
}

/** Where a text says something, from and to, in characters; nothing where redaction has changed it. */
function placeOf(quote: string, text: string): { quote?: [number, number] } {
  const from = text.indexOf(quote);
  return from < 0 ? {} : { quote: [from, from + quote.length] };
}

export async function incidentOutput(
  incident: PastIncident,
  catalog: Catalog,
  context: ToolContext,
): Promise<IncidentOutput> {
  const { startedAt, resolvedAt } = incident;
  const service = catalog.find(incident.service)?.name;
  return {
    id: incident.id,
    match: incident.match,
    likeness: Math.round(incident.likeness * 100) / 100,
    started_at: second(startedAt),
    duration_seconds: resolvedAt === null ? null : whole((resolvedAt - startedAt) / 1000),
    fix_worked: incident.fixWorked,
    evidence: await context.evidence({
      text: incidentText(incident),
      url: webAddress(incident.prUrl) ?? incident.url,
      at: resolvedAt === null ? second(startedAt) : span(startedAt, resolvedAt),
      about: service === undefined ? [] : [service],
      shows: [{ shows: "past", of: incident.id, from: startedAt, to: resolvedAt ?? undefined }],
    }),
  };
}

/** Rows are written by strangers: only an address that a browser opens as a page is passed on as one. */
function webAddress(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}

/** The text form: what the structured form holds, item by item. */
export function render(data: HistoryOutput): string {
  const parts = data.stats === null ? [] : [fence(data.stats.evidence)];
  for (const row of data.incidents) {
    const match = row.match === "fingerprint" ? "same fingerprint" : `alike, likeness ${row.likeness}`;
    parts.push(`${row.id}: ${match}\n${fence(row.evidence)}`);
  }
  return parts.join("\n\n");
}

const whole = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds));
