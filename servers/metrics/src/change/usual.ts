import { FLOORS, unitOf } from "../signals/unit.ts";
import { ascending, quantile } from "./statistics.ts";

/** What a signal usually is, by the samples before the window. */
export interface Usual {
  readonly median: number;
  /** Interquartile range as measured, without floors. */
  readonly iqr: number;
  /** One robust standard deviation, never below the unit's floors. */
  readonly scale: number;
  readonly samples: number;
}

/** Fewer samples than these tell nothing of what is usual. */
export const FEWEST_SAMPLES = 8;

/** The interquartile range of a normal distribution in standard deviations. */
const IQR_PER_SIGMA = 1.349;

/**
 * Median and interquartile range instead of mean and deviation, so that an earlier incident among the samples hardly
 * moves them: BARO's RobustScorer (Pham, Ha, Zhang: "BARO: Robust Root Cause Analysis for Microservices via Multivariate
 * Bayesian Online Change Point Detection", FSE 2024), where N-sigma (Li et al., "Causal Inference-Based Root Cause
 * Analysis for Online Service Systems with Intervention Recognition", KDD 2022) takes mean and deviation. The floors by unit
 * are ours: BARO divides by an IQR of zero as by one, which says little of a ratio and nothing of bytes.
 */
export function usualOf(signal: string, before: readonly number[]): Usual | undefined {
  if (before.length < FEWEST_SAMPLES) return undefined;
  const sorted = ascending(before);
  const middle = quantile(sorted, 0.5);
  const iqr = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const floor = FLOORS[unitOf(signal)];
  const scale = Math.max(iqr / IQR_PER_SIGMA, floor.absolute, floor.relative * Math.abs(middle));
  return { median: middle, iqr, scale, samples: before.length };
}
