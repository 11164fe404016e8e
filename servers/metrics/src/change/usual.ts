import type { Span } from "./span.ts";
import { ascending, median, quantile } from "./statistics.ts";

/** What a signal usually is, by the samples before the window. */
export interface Usual {
  readonly median: number;
  /** Interquartile range as measured, without floors. */
  readonly iqr: number;
  /** One robust standard deviation above and below the median, never below the signal's least spread. */
  readonly above: number;
  readonly below: number;
  /** How many samples tell it. */
  readonly samples: number;
  /** Fewer than {@link FEWEST_SAMPLES}, or fewer than ten minutes of them: what comes and goes may not be among them. */
  readonly thin: boolean;
  /** First and last stamp of the samples that tell it, epoch ms. */
  readonly span: Span;
  /** Earlier incidents in between, whose samples tell nothing of what is usual. */
  readonly leftOut: readonly Span[];
}

/** Fewer samples than these tell little of what is usual. */
export const FEWEST_SAMPLES = 8;
/** A shorter time hardly shows what comes and goes. */
const MIN_SPAN_MS = 10 * 60_000;

/** Too few samples tell it: its median and a wide spread, and no more. */
export const isGuess = ({ samples }: Usual): boolean => samples < FEWEST_SAMPLES;

/** The samples that tell what is usual, oldest first. */
export interface Before {
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly leftOut: readonly Span[];
}

const spanOf = ({ times }: Before): Span => ({ from: times[0] ?? 0, to: times.at(-1) ?? 0 });

/** In standard deviations of a normal distribution. */
const IQR_WIDTH = 1.349;
const DECILE_FROM_MEDIAN = 1.2816;
/** A tail that is a signal's own shows all the time; an earlier incident shows in one third of the baseline. */
const PARTS = 3;

/** How far the outer deciles lie from `middle`, below and above: the median of what the thirds of the baseline say. */
function tails(inOrder: readonly number[], middle: number): { below: number; above: number } {
  const size = Math.ceil(inOrder.length / (inOrder.length >= PARTS * FEWEST_SAMPLES ? PARTS : 1));
  const parts = Array.from({ length: Math.ceil(inOrder.length / size) }, (_, part) =>
    ascending(inOrder.slice(part * size, (part + 1) * size)),
  );
  return {
    below: median(parts.map((part) => middle - quantile(part, 0.1))) / DECILE_FROM_MEDIAN,
    above: median(parts.map((part) => quantile(part, 0.9) - middle)) / DECILE_FROM_MEDIAN,
  };
}

/**
 * Median and interquartile range instead of mean and deviation, so that an earlier incident among the samples hardly
 * moves them: BARO's RobustScorer (Pham, Ha, Zhang: "BARO: Robust Root Cause Analysis for Microservices via Multivariate
 * Bayesian Online Change Point Detection", FSE 2024), where N-sigma (a baseline of Li et al., "Causal Inference-Based Root
 * Cause Analysis for Online Service Systems with Intervention Recognition", KDD 2022) takes mean and deviation. Two things
 * are ours: the outer deciles widen a side that has a tail (latencies do), and `minSpread` (in the signal's unit) keeps a
 * flat line from making any jitter infinitely unusual.
 */
export function usualOf(before: Before, minSpread: (median: number) => number): Usual | undefined {
  const { values, leftOut } = before;
  if (values.length < FEWEST_SAMPLES) return undefined;
  const span = spanOf(before);
  const sorted = ascending(values);
  const middle = quantile(sorted, 0.5);
  const iqr = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const least = Math.max(iqr / IQR_WIDTH, minSpread(middle));
  const { below, above } = tails(values, middle);
  return {
    ...{ median: middle, iqr, samples: values.length, thin: span.to - span.from < MIN_SPAN_MS, span, leftOut },
    above: Math.max(least, above),
    below: Math.max(least, below),
  };
}

/** How many robust deviations a value is away from usual, signed. */
export function deviationFrom(usual: Usual, value: number): number {
  const away = value - usual.median;
  return away / (away > 0 ? usual.above : usual.below);
}

/** With so few samples the spread is unknown; a signal that is no ratio is taken to vary by a quarter of its value. */
const GUESSED_SPREAD = 0.25;

/** What a few samples let one guess: their median, and a wide spread. */
export function guessUsual(few: Before, isRatio: boolean, minSpread: (median: number) => number): Usual | undefined {
  if (few.values.length === 0) return undefined;
  const sorted = ascending(few.values);
  const middle = quantile(sorted, 0.5);
  const iqr = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const spread = Math.max(iqr, 2 * minSpread(middle), isRatio ? 0 : GUESSED_SPREAD * Math.abs(middle));
  const { length: samples } = few.values;
  return {
    ...{ median: middle, iqr, above: spread, below: spread, samples, thin: true },
    ...{ span: spanOf(few), leftOut: few.leftOut },
  };
}
