/**
 * The four outcomes of a call, kept apart everywhere. `found` supports claims, `nothing_found` none but that something
 * was absent where it was looked for; `could_not_look` is a gap and never evidence of absence.
 */
export const OUTCOMES = ["found", "nothing_found", "could_not_look", "bad_request"] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

interface Looked<T> {
  /** The first line of the answer: what it covers, what was left out, and how to ask for that. */
  readonly summary: string;
  /** What part of the question could not be seen although the rest could, and why. */
  readonly gaps?: readonly string[];
  readonly data: T;
}

export interface Found<T> extends Looked<T> {
  readonly outcome: "found";
}

/** What was looked through without finding anything: it can be cited for that, and for nothing else. */
export interface Absence {
  /** Catalog names of what was looked for. */
  readonly about: readonly string[];
  /** How many lines, samples, rows, pages or commits were looked through. None of them is no sign of health. */
  readonly over: number;
  /** The stretch that was searched, epoch milliseconds; `from` is missing where it goes back as far as there is anything. */
  readonly from?: number | undefined;
  readonly to: number;
  /** Where a person can look for themselves. */
  readonly url: string;
}

export interface NothingFound<T> extends Looked<T> {
  readonly outcome: "nothing_found";
  /** Becomes an evidence item that says the summary and what was searched. */
  readonly absence: Absence;
  /** What was searched, so that the reader can judge what the emptiness means. */
  readonly searched: string;
  /** What to try next, most promising first. */
  readonly tryNext: readonly string[];
}

/** What a tool returns. The other two outcomes are thrown: {@link CouldNotLook} and {@link BadRequest}. */
export type Answer<T> = Found<T> | NothingFound<T>;

export const COULD_NOT_LOOK_REASONS = [
  "not_configured",
  "unreachable",
  "timed_out",
  "cancelled",
  "forbidden",
  "rate_limited",
  "bad_response",
  "too_large",
  "not_recorded",
  "internal",
] as const;
export type CouldNotLookReason = (typeof COULD_NOT_LOOK_REASONS)[number];

/** The backend could not be asked, or did not answer. The message names the backend, the cause and the cure. */
export class CouldNotLook extends Error {
  override readonly name = "CouldNotLook";
  readonly reason: CouldNotLookReason;
  /** The message without its cure. */
  readonly problem: string;
  readonly tryNext: readonly string[];
  /** What can be given all the same: of a change that cannot be proposed, its patch. */
  readonly patch: string | undefined;
  /** The HTTP status that the backend refused with, where it did. */
  readonly status: number | undefined;

  /** `cure` ends the message, and is what to try next unless something else is given. */
  constructor(
    reason: CouldNotLookReason,
    problem: string,
    options: {
      cure?: string | undefined;
      tryNext?: readonly string[];
      cause?: unknown;
      patch?: string | undefined;
      status?: number | undefined;
    } = {},
  ) {
    const { cure, cause } = options;
    super(cure === undefined ? problem : `${problem}; ${cure}`, cause === undefined ? {} : { cause });
    this.reason = reason;
    this.problem = problem;
    this.tryNext = options.tryNext ?? (cure === undefined ? [] : [cure]);
    this.patch = options.patch;
    this.status = options.status;
  }
}

/** The caller asked for something that cannot be asked. The message says what is wrong and what would be right. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly tryNext: readonly string[];

  constructor(message: string, options: { tryNext?: readonly string[] } = {}) {
    super(message);
    this.tryNext = options.tryNext ?? [];
  }
}
