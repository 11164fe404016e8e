import { CouldNotLook } from "@oncall-copilot/core";
import { BLANKS, type FixRecord, type HistoryStore, type Past, type PastIncident, type Statistics } from "../store.ts";
import { MAX_KINDS } from "./likeness.ts";

/** A history and the team's own cases, asked as one. What cannot be read of the two is told; where neither can be, that is what went wrong. */
export function besideHistory(history: HistoryStore, own: HistoryStore): HistoryStore {
  return {
    name: `${history.name} and ${own.name}`,
    url: history.url,
    past: async (question, options) => {
      const [first, second] = await Promise.allSettled([history.past(question, options), own.past(question, options)]);
      if (first.status === "fulfilled" && second.status === "fulfilled")
        return joinPasts(first.value, second.value, question.most);
      options.signal.throwIfAborted();
      if (first.status === "fulfilled") return lacking(first.value, own, second);
      if (second.status === "fulfilled") return lacking(second.value, history, first);
      throw first.reason;
    },
    close: async () => {
      await Promise.all([history.close(), own.close()]);
    },
  };
}

function lacking(past: Past, store: HistoryStore, result: PromiseSettledResult<Past>): Past {
  if (result.status === "fulfilled") return past;
  const { reason } = result as { reason: unknown };
  if (!(reason instanceof CouldNotLook)) throw reason;
  return { ...past, unread: [...past.unread, `${store.name} could not be read: ${reason.message}`] };
}

/** Two pasts as one. An incident that both know by its id is taken from the first. */
export function joinPasts(first: Past, second: Past, most: number): Past {
  const known = new Set(first.incidents.map(({ id }) => id));
  const incidents = [...first.incidents, ...second.incidents.filter(({ id }) => !known.has(id))];
  const matches = {
    fingerprint: first.matches.fingerprint + second.matches.fingerprint,
    alike: first.matches.alike + second.matches.alike,
  };
  const basis = matches.fingerprint > 0 ? "fingerprint" : "alike";
  const [a, b] = [first.statistics, second.statistics].map((one) => (one?.basis === basis ? one : null));
  return {
    searched: first.searched + second.searched,
    unreadable: first.unreadable + second.unreadable,
    repeated: first.repeated + second.repeated,
    endsUnreadable: first.endsUnreadable + second.endsUnreadable,
    matches,
    statistics: a && b ? joinStatistics(a, b) : (a ?? b ?? null),
    incidents: incidents.sort(byLikeness).slice(0, most),
    unread: [...first.unread, ...second.unread],
  };
}

const byLikeness = (a: PastIncident, b: PastIncident): number =>
  Number(b.match === "fingerprint") - Number(a.match === "fingerprint") ||
  b.likeness - a.likeness ||
  b.startedAt - a.startedAt;

/** Counts add up. Quantiles of two sets cannot be told from theirs, so they are those of the larger one. */
function joinStatistics(a: Statistics, b: Statistics): Statistics {
  const larger = a.count - a.open >= b.count - b.open ? a : b;
  const causes = merged(
    [...a.rootCauses, ...b.rootCauses],
    ({ rootCause }) => rootCause,
    (x, y) => ({ ...x, count: x.count + y.count }),
  );
  const fixes = merged([...a.fixes, ...b.fixes], ({ fix }) => fix, joinFixes);
  const shared = a.fixes.length + b.fixes.length - fixes.length;
  return {
    basis: a.basis,
    count: a.count + b.count,
    open: a.open + b.open,
    last90Days: a.last90Days + b.last90Days,
    last365Days: a.last365Days + b.last365Days,
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    ...{ medianSeconds: larger.medianSeconds, p25Seconds: larger.p25Seconds, p75Seconds: larger.p75Seconds },
    sameWeekday: a.sameWeekday + b.sameWeekday,
    sameHour: a.sameHour + b.sameHour,
    withCause: a.withCause + b.withCause,
    rootCauses: causes.sort((x, y) => y.count - x.count).slice(0, MAX_KINDS),
    distinctFixes: a.distinctFixes + b.distinctFixes - shared,
    fixes: fixes
      .sort((x, y) => y.worked - x.worked || y.failed - x.failed || y.unknown - x.unknown)
      .slice(0, MAX_KINDS),
  };
}

const joinFixes = (a: FixRecord, b: FixRecord): FixRecord => ({
  fix: a.fix,
  worked: a.worked + b.worked,
  failed: a.failed + b.failed,
  unknown: a.unknown + b.unknown,
  medianSeconds: (a.worked >= b.worked ? a : b).medianSeconds ?? a.medianSeconds ?? b.medianSeconds,
});

const EXPRESSIONS = BLANKS.map(([pattern, standIn]) => [new RegExp(pattern, "g"), standIn] as const);

/** One for each kind: texts that are one but for commits, versions and numbers. */
function merged<T>(all: readonly T[], textOf: (one: T) => string, join: (a: T, b: T) => T): T[] {
  const kinds = new Map<string, T>();
  for (const one of all) {
    const kind = EXPRESSIONS.reduce(
      (text, [expression, to]) => text.replace(expression, to),
      textOf(one),
    ).toLowerCase();
    const known = kinds.get(kind);
    kinds.set(kind, known ? join(known, one) : one);
  }
  return [...kinds.values()];
}
