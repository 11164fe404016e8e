import { CouldNotLook } from "@oncall-copilot/core";
import type { Unread } from "../store.ts";

/** A query that failed while others did not. */
export interface Failed {
  readonly signal: string;
  readonly source: string;
  /** The service that it speaks of alone; undefined for one query about all of them. */
  readonly service?: string | undefined;
  readonly failure: CouldNotLook;
}

const NAMED_AT_MOST = 3;
/** Gaps take room from the answer. */
const LINES_AT_MOST = 3;

const named = (names: readonly string[]) =>
  names.length > NAMED_AT_MOST
    ? `${names.slice(0, NAMED_AT_MOST).join(", ")} and ${names.length - NAMED_AT_MOST} more`
    : names.join(", ");

/** A line for each cause, naming the signals that it took and where they come from. */
export function failureGaps(failed: readonly Failed[]): string[] {
  const causes = new Map<string, string[]>();
  for (const { signal, source, failure } of failed) {
    causes.set(failure.message, [...(causes.get(failure.message) ?? []), `${signal} (${source})`]);
  }
  const lines = [...causes].map(([cause, signals]) => `could not look at ${named(signals)}: ${cause}`);
  if (lines.length <= LINES_AT_MOST) return lines;
  return [...lines.slice(0, LINES_AT_MOST), `and ${lines.length - LINES_AT_MOST} more queries failed for other causes`];
}

/** All of them as one, with the reason of the first; undefined when there is none. */
export function failureOfSome(failed: readonly Failed[]): CouldNotLook | undefined {
  const [first] = failed;
  if (!first) return undefined;
  const tryNext = [...new Set(failed.flatMap(({ failure }) => failure.tryNext))];
  return new CouldNotLook(first.failure.reason, failureGaps(failed).join("; "), { tryNext, cause: first.failure });
}

/** The same, signal by signal, for whoever must not take an absent signal for a usual one. */
export const unreadBy = (failed: readonly Failed[]): Unread[] =>
  failed.map(({ signal, service, failure }) => ({
    ...{ signal, service, why: failure.message, reason: failure.reason },
  }));

export function toldTwice(signals: readonly string[]): string[] {
  if (signals.length === 0) return [];
  return [`several series told ${named(signals)}: the one with the most samples was taken`];
}
