import type { CleanSeries } from "./clean.ts";
import { median } from "./statistics.ts";

/** A signal that climbs (or falls) steadily: a leak, a queue that nobody drains. */
export interface Climb {
  /** Epoch ms: the end of the last quiet block. Undefined where it climbs in all that was looked at. */
  readonly from: number | undefined;
  readonly direction: "up" | "down";
}

/** A series is looked at in so many stretches of one length, each by its median: noise and the saw of a garbage collector cancel out. */
const BLOCKS = 16;
const MIN_SAMPLES_A_BLOCK = 2;
/** So many blocks in a row must climb, nearly every pair of them in order. */
const MIN_CLIMBING = 5;
const IN_ORDER = 0.8;
/** No single block may bring more of the rise than this share: that would be a step. */
const MAX_STEP = 0.5;
/** The rise, in robust deviations of the quiet blocks and of the floor. */
const MIN_RISE = 6;
/** Blocks before the climb that prove there was a quiet time. */
const MIN_QUIET = 2;

interface Block {
  readonly to: number;
  readonly value: number;
}

function blocksOf({ times, values }: CleanSeries): Block[] {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const length = (last - first) / BLOCKS;
  if (!(length > 0) || values.length < BLOCKS * MIN_SAMPLES_A_BLOCK) return [];
  return Array.from({ length: BLOCKS }, (_, index): Block => {
    const [from, to] = [first + index * length, first + (index + 1) * length];
    const within = values.filter((_value, at) => {
      const time = times[at] ?? 0;
      return time >= from && (time < to || index === BLOCKS - 1);
    });
    return { to, value: median(within) };
  }).filter(({ value }) => Number.isFinite(value));
}

function inOrderShare(values: readonly number[], sign: 1 | -1): number {
  let [ordered, pairs] = [0, 0];
  for (const [index, value] of values.entries()) {
    for (const later of values.slice(index + 1)) {
      pairs++;
      if (sign * (later - value) > 0) ordered++;
    }
  }
  return pairs === 0 ? 0 : ordered / pairs;
}

/** The block after which it climbs: where a flat line and then a straight one fit the blocks best. */
function hingeOf(values: readonly number[]): number {
  let best = { at: 0, error: Number.POSITIVE_INFINITY };
  for (let at = 0; at + MIN_CLIMBING <= values.length; at++) {
    const level = at === 0 ? (values[0] ?? 0) : median(values.slice(0, at));
    const rest = values.slice(at);
    const steps = rest.map((_, index) => index + 1);
    const slope =
      rest.reduce((sum, value, index) => sum + (value - level) * (steps[index] ?? 0), 0) /
      steps.reduce((sum, step) => sum + step * step, 0);
    const error =
      values.slice(0, at).reduce((sum, value) => sum + (value - level) ** 2, 0) +
      rest.reduce((sum, value, index) => sum + (value - level - slope * (index + 1)) ** 2, 0);
    if (error < best.error) best = { at, error };
  }
  return best.at;
}

/**
 * Whether a series climbs at its end, and since when, by piecewise linear regression with one hinge. `least`: the least spread around a
 * level, in the signal's unit. Undefined for what is flat, steps, or goes up and down.
 */
export function climbOf(series: CleanSeries, sign: 1 | -1, least: (level: number) => number): Climb | undefined {
  const blocks = blocksOf(series);
  if (blocks.length < BLOCKS - 2) return undefined;
  const values = blocks.map(({ value }) => value);
  const hinge = hingeOf(values);
  const climbing = values.slice(Math.max(0, hinge - 1));
  const quiet = values.slice(0, Math.max(1, hinge));
  const [start = 0, end = 0] = [median(quiet), values.at(-1)];
  const rise = sign * (end - start);
  const spread = Math.max(least(start), 1.4826 * median(quiet.map((value) => Math.abs(value - start))));
  const steps = climbing.slice(1).map((value, index) => sign * (value - (climbing[index] ?? value)));
  if (climbing.length < MIN_CLIMBING || rise < MIN_RISE * spread) return undefined;
  if (Math.max(...steps) > MAX_STEP * rise || inOrderShare(climbing, sign) < IN_ORDER) return undefined;
  return {
    from: hinge >= MIN_QUIET ? blocks[hinge - 1]?.to : undefined,
    direction: sign === 1 ? "up" : "down",
  };
}
