import { z } from "zod";
import { type HistoryQuestion, type HistoryStore, MOST_WORDS, type Past, type Statistics } from "../store.ts";
import { type Bound, DuckDb, type DuckDbLimits, type DuckDbSource, type Session } from "./duckdb.ts";
import { CAUSES_SQL, COUNT_SQL, EXTENT_SQL, FIXES_SQL, MATCH_SQL, ROWS_SQL, TOTALS_SQL } from "./duckdb-sql.ts";

/** Most kinds of fix and of cause brought over. */
const MOST_KINDS = 3;

const figure = z.number();
const maybe = <T extends z.ZodType>(type: T) => type.nullable();

const Extent = z.object({ searched: figure, unreadable: figure });
const Counts = z.object({ fingerprint: figure, alike: figure });
const Totals = z.object({
  count: figure,
  open: figure,
  last_90_days: figure,
  last_365_days: figure,
  first_at: figure,
  last_at: figure,
  median_seconds: maybe(figure),
  p25_seconds: maybe(figure),
  p75_seconds: maybe(figure),
  same_weekday: figure,
  same_hour: figure,
  with_cause: figure,
});
const Cause = z.object({ root_cause: z.string(), count: figure });
const Fix = z.object({
  fix: z.string(),
  worked: figure,
  failed: figure,
  unknown: figure,
  median_seconds: maybe(figure),
  kinds: figure,
});
const Row = z.object({
  id: z.string(),
  same: z.boolean(),
  likeness: figure,
  alert: z.string(),
  service: z.string(),
  severity: maybe(z.string()),
  summary: z.string(),
  started: figure,
  resolved: maybe(figure),
  root_cause: maybe(z.string()),
  fix: maybe(z.string()),
  fix_worked: maybe(z.boolean()),
  pr_url: maybe(z.string()),
});

export interface Place {
  /** The history as people know it, for messages. */
  readonly name: string;
  readonly url: string;
  /** Where a person sees one incident's row. */
  incidentUrl(id: string): string;
}

/** The port over one file of past incidents, asked in SQL; few rows leave DuckDB. */
export function duckDbHistory(source: DuckDbSource, place: Place, limits: DuckDbLimits): HistoryStore {
  const database = new DuckDb(source, limits);
  return {
    name: place.name,
    url: place.url,
    past: (question, signal) => database.session(signal, (session) => ask(session, question, place)),
    close: () => database.close(),
  };
}

async function ask(session: Session, question: HistoryQuestion, place: Place): Promise<Past> {
  const now = Math.floor(question.now);
  const [extent = { searched: 0, unreadable: 0 }] = await session.all(EXTENT_SQL, { now }, Extent);
  await session.run(MATCH_SQL, bind(question, now));
  const [matches = { fingerprint: 0, alike: 0 }] = await session.all(COUNT_SQL, {}, Counts);
  const basis = matches.fingerprint > 0 ? "fingerprint" : "alike";
  const statistics = matches[basis] > 0 ? await summarize(session, basis, now) : null;
  const rows = await session.all(ROWS_SQL, { now, most: question.most }, Row);
  return {
    ...extent,
    matches,
    statistics,
    incidents: rows.map((row) => ({
      id: row.id,
      match: row.same ? "fingerprint" : "alike",
      likeness: row.likeness,
      alert: row.alert,
      service: row.service,
      severity: row.severity,
      summary: row.summary,
      startedAt: row.started,
      resolvedAt: row.resolved,
      rootCause: row.root_cause,
      fix: row.fix,
      fixWorked: row.fix_worked,
      prUrl: row.pr_url,
      url: place.incidentUrl(row.id),
    })),
  };
}

function bind(question: HistoryQuestion, now: number): Bound {
  const words = Array.from({ length: MOST_WORDS }, (_, i) => [`w${i}`, question.words[i] ?? null] as const);
  return {
    now,
    fingerprint: question.fingerprint,
    exact: question.exact,
    alert: question.alert?.toLowerCase() ?? null,
    service: question.service.toLowerCase(),
    ...Object.fromEntries(words),
  };
}

async function summarize(session: Session, basis: Statistics["basis"], now: number): Promise<Statistics | null> {
  const same = basis === "fingerprint";
  const [totals] = await session.all(TOTALS_SQL, { now, same }, Totals);
  if (!totals) return null;
  const causes = await session.all(CAUSES_SQL, { now, same, most: MOST_KINDS }, Cause);
  const fixes = await session.all(FIXES_SQL, { now, same, most: MOST_KINDS }, Fix);
  return {
    basis,
    count: totals.count,
    open: totals.open,
    last90Days: totals.last_90_days,
    last365Days: totals.last_365_days,
    firstAt: totals.first_at,
    lastAt: totals.last_at,
    medianSeconds: totals.median_seconds,
    p25Seconds: totals.p25_seconds,
    p75Seconds: totals.p75_seconds,
    sameWeekday: totals.same_weekday,
    sameHour: totals.same_hour,
    withCause: totals.with_cause,
    rootCauses: causes.map((cause) => ({ rootCause: cause.root_cause, count: cause.count })),
    distinctFixes: fixes[0]?.kinds ?? 0,
    fixes: fixes.map(({ fix, worked, failed, unknown, median_seconds: medianSeconds }) => ({
      fix,
      worked,
      failed,
      unknown,
      medianSeconds,
    })),
  };
}
