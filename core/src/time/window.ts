import { BadRequest } from "../outcome.ts";

/** A stretch of time in epoch milliseconds, start included, end excluded. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const RELATIVE = /^(?:now)?\s*(?:-\s*(\d{1,6})\s*(s|m|h|d|w))?$/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Epoch milliseconds of an RFC 3339 time with a zone, or NaN. A day that the month does not have is refused, where
 * `Date.parse` would go on into the next one.
 */
export function parseRfc3339(text: string): number {
  if (!RFC3339.test(text)) return Number.NaN;
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day > lastDay ? Number.NaN : Date.parse(text);
}

/** Reads RFC 3339 (`2026-03-01T10:00:00Z`) or a time before now (`now`, `-30m`, `now-2h`) as epoch milliseconds. */
export function readInstant(text: string, now: number, argument: string): number {
  const trimmed = text.trim();
  const relative = trimmed === "" ? null : RELATIVE.exec(trimmed);
  if (relative) {
    const [, amount, unit] = relative;
    return amount && unit ? now - Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS] : now;
  }
  const parsed = parseRfc3339(trimmed);
  if (Number.isNaN(parsed)) {
    throw new BadRequest(`${argument} is not a time: "${text}"`, {
      tryNext: [
        "RFC 3339 with a zone, such as 2026-03-01T10:00:00Z",
        "a time before now, such as -30m, -2h or -7d",
        "now",
      ],
    });
  }
  return parsed;
}

export interface WindowLimits {
  readonly defaultMs: number;
  readonly maxMs: number;
}

export interface ResolvedWindow extends Window {
  /** What was changed of what was asked for, to be echoed to the caller; empty when nothing was. */
  readonly notes: readonly string[];
}

/**
 * Turns the caller's `from` and `to` into a window that ends no later than now and is no longer than the tool's limit.
 * What is capped is said in `notes`, never silent.
 */
export function resolveWindow(
  asked: { from?: string | undefined; to?: string | undefined },
  now: number,
  limits: WindowLimits,
): ResolvedWindow {
  const notes: string[] = [];
  let to = asked.to === undefined ? now : readInstant(asked.to, now, "to");
  if (to > now) {
    notes.push(`to was moved back to now (${new Date(now).toISOString()})`);
    to = now;
  }
  let from = asked.from === undefined ? to - limits.defaultMs : readInstant(asked.from, now, "from");
  if (from >= to) {
    throw new BadRequest(`from (${new Date(from).toISOString()}) must be before to (${new Date(to).toISOString()})`, {
      tryNext: notes,
    });
  }
  if (to - from > limits.maxMs) {
    notes.push(`from was moved up: the longest window is ${formatDuration(limits.maxMs)}`);
    from = to - limits.maxMs;
  }
  return { from, to, notes };
}

/** `90 s`, `12 min`, `3 h`, `2 d`: the largest unit that keeps two digits of sense. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
