/** The periods that are asked for. Epoch ms, multiples of the period, the end excluded as CloudWatch has it. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly periodMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long CloudWatch keeps periods of which length; beyond the last there is nothing. */
const KEPT: readonly (readonly [ageMs: number, periodMs: number])[] = [
  [15 * DAY_MS, MINUTE_MS],
  [63 * DAY_MS, 5 * MINUTE_MS],
  [455 * DAY_MS, 60 * MINUTE_MS],
];
/** Lengths in use, so that links and caches meet: each a multiple of those before. */
const LENGTHS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);
/** A week of five minutes. Far fewer points than CloudWatch would give tell the same. */
const MAX_POINTS = 2_016;

/**
 * The periods whose end lies after `from` and not after `to` (epoch ms). `now` tells how old they are, and so how fine they may be.
 * Undefined when not one fits in between.
 */
export function spanOf(from: number, to: number, now: number): Span | undefined {
  const kept = KEPT.find(([ageMs]) => now - from < ageMs)?.[1] ?? 60 * MINUTE_MS;
  const periodMs = LENGTHS.find((length) => length >= kept && (to - from) / length <= MAX_POINTS) ?? 60 * MINUTE_MS;
  const start = Math.floor(from / periodMs) * periodMs;
  const end = Math.floor(to / periodMs) * periodMs;
  return end > start ? { start, end, periodMs } : undefined;
}
