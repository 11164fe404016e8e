import type { LogPattern } from "../../tools/answers.ts";

const MINUTE_MS = 60_000;
/** A pattern that began this long before or after the signals turned tells of something else. */
const SAME_TURN_MS = 3 * MINUTE_MS;
/** A caller whose trouble began this much earlier may still have followed: lines are batched and clocks differ. */
const BLUR_MS = MINUTE_MS;
/** What is taken off new trouble in a log when a dependency is in trouble that began no later, at the most. */
const EXPLAINED = 0.5;

/** How much a log pattern speaks of new trouble, 0 to 1. */
export function trouble({ label, level }: LogPattern): number {
  const novelty = label === "new" ? 1 : label === "rising" ? 0.8 : 0;
  return novelty * (level === "error" ? 1 : level === "warn" ? 0.6 : 0);
}

/** What was over this long before the page was over before it: alerts wait for a few samples. */
const OVER_MS = 2 * MINUTE_MS;

/**
 * A burst of lines that ended before the page while the service went on logging: a start-up, or what an earlier incident left behind.
 * Who logs nothing at all any more may have died of it.
 */
function isOver({ last }: LogPattern, patterns: readonly LogPattern[], page: number): boolean {
  const ended = page - OVER_MS;
  const isBefore = (when: string | undefined) => when !== undefined && Date.parse(when) < ended;
  return isBefore(last) && patterns.some((other) => other.last !== undefined && !isBefore(other.last));
}

/**
 * The patterns that speak of the trouble that began at `onset` (epoch ms; null when nothing dates it), worst first. What was over before
 * the page (epoch ms) leads nothing.
 */
export function worstPatterns(
  patterns: readonly LogPattern[] | undefined,
  onset: number | null,
  page: number,
): LogPattern[] {
  // When a rising pattern began to rise is not told, so only a new one can be of another time.
  const sameTurn = ({ label, first }: LogPattern) =>
    onset === null || label !== "new" || Math.abs(Date.parse(first) - onset) <= SAME_TURN_MS;
  return (patterns ?? [])
    .filter((pattern) => sameTurn(pattern) && trouble(pattern) > 0 && !isOver(pattern, patterns ?? [], page))
    .sort((a, b) => trouble(b) - trouble(a) || b.count - a.count);
}

/** What else is known of a service: its worst pattern, and how far its signals turned and when (epoch ms). */
export interface Trouble {
  readonly log: LogPattern | undefined;
  /** 0 to 1. */
  readonly turned: number;
  readonly onset: number | null;
}

/**
 * How much a service's worst pattern speaks against the service itself, 0 to 1: less when something that it calls is in trouble that
 * began no later, by its log or by its signals, since a caller logs what it is answered.
 */
export function ownTrouble(own: LogPattern | undefined, below: readonly Trouble[]): number {
  if (!own) return 0;
  const began = Date.parse(own.first) + BLUR_MS;
  const shares = below.flatMap(({ log, turned, onset }) => [
    log && Date.parse(log.first) <= began ? trouble(log) : 0,
    onset !== null && onset <= began ? turned : 0,
  ]);
  return trouble(own) * (1 - EXPLAINED * Math.max(0, ...shares));
}
