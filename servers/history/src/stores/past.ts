import { z } from "zod";
import { type HistoryQuestion, MAX_WORDS, type Match, type Past, type Statistics } from "../store.ts";

const figure = z.number();
/** Null, or left out: some engines write no key for a null. */
const maybe = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? null);

/** What a statement tells, whichever engine ran it. Instants are epoch milliseconds. */
export const Extent = z.object({
  searched: figure,
  unreadable: figure,
  repeated: figure.default(0),
  ends_unreadable: figure.default(0),
});
export const Matches = z.object({ fingerprint: figure, alike: figure });
export const Totals = z.object({
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
export const Cause = z.object({ root_cause: z.string(), count: figure });
export const Fix = z.object({
  fix: z.string(),
  worked: figure,
  failed: figure,
  unknown: figure,
  median_seconds: maybe(figure),
  kinds: figure,
});
export const Row = z.object({
  id: z.string(),
  same: z.boolean(),
  likeness: figure,
  alert: z.string(),
  service: z.string(),
  severity: maybe(z.string()),
  summary: z.string(),
  started: figure,
  resolved: maybe(figure),
  end_unreadable: z.boolean().default(false),
  root_cause: maybe(z.string()),
  fix: maybe(z.string()),
  fix_worked: maybe(z.boolean()),
  pr_url: maybe(z.string()),
  proposal: maybe(z.string()),
});

/** All that is told about one question. */
export interface Told {
  readonly extent: z.output<typeof Extent>;
  readonly matches: z.output<typeof Matches>;
  /** Over the incidents of {@link basisOf}; undefined when nothing matches. */
  readonly totals: z.output<typeof Totals> | undefined;
  readonly causes: readonly z.output<typeof Cause>[];
  readonly fixes: readonly z.output<typeof Fix>[];
  readonly rows: readonly z.output<typeof Row>[];
}

export interface Place {
  /** The history as people know it, for messages. */
  readonly name: string;
  readonly url: string;
  /** Where a person sees one incident's row. */
  incidentUrl(id: string): string;
}

/** What a statement's named parameters stand for. */
export interface Asked {
  readonly now: number;
  readonly fingerprint: string | null;
  readonly exact: boolean;
  readonly alert: string | null;
  readonly service: string;
  readonly most: number;
  /** The words, as many as {@link MAX_WORDS}; null where there are fewer. */
  readonly [word: `w${number}`]: string | null;
}

/** A question as values to bind. Keys are lower-case, as the statements compare them. */
export function asked(question: HistoryQuestion): Asked {
  const words = Array.from({ length: MAX_WORDS }, (_, slot) => [`w${slot}`, question.words[slot] ?? null] as const);
  return {
    ...Object.fromEntries(words),
    now: Math.floor(question.now),
    fingerprint: question.fingerprint,
    exact: question.exact,
    alert: question.alert?.toLowerCase() ?? null,
    service: question.service.toLowerCase(),
    most: question.most,
  };
}

/** Whose figures are told: those of the same fingerprint, or the alike ones when there is none. */
export const basisOf = (matches: Told["matches"]): Match => (matches.fingerprint > 0 ? "fingerprint" : "alike");

export function pastOf(told: Told, place: Place): Past {
  const { extent, matches, rows } = told;
  return {
    unread: [],
    searched: extent.searched,
    unreadable: extent.unreadable,
    repeated: extent.repeated,
    endsUnreadable: extent.ends_unreadable,
    matches,
    statistics: matches[basisOf(matches)] > 0 ? statisticsOf(told) : null,
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
      endUnreadable: row.end_unreadable,
      rootCause: row.root_cause,
      fix: row.fix,
      fixWorked: row.fix_worked,
      prUrl: row.pr_url,
      proposal: row.proposal,
      url: place.incidentUrl(row.id),
    })),
  };
}

function statisticsOf({ matches, totals, causes, fixes }: Told): Statistics | null {
  if (!totals) return null;
  return {
    basis: basisOf(matches),
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
