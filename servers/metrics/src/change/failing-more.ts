import type { Turn } from "./turn.ts";

/** What is taken for the share that fails as a rule, at the least: no baseline proves that nothing ever fails. */
const MIN_USUAL_SHARE = 0.005;
/** The share that is worth finding: so many times the usual one, and at least this. */
const TIMES = 4;
const MIN_UNUSUAL_SHARE = 0.06;
/** Log-likelihood ratio that a run must reach: one false alarm in some four hundred. */
const SURE_FROM = 6;

/**
 * A share of failures that rose by too little in each sample to be unusual there, since each stands for a few requests, and by far too much
 * over all of them: 15 % of three requests a sample is chance once, and none twenty times over. Wald's sequential probability
 * ratio over the requests behind each sample, restarted at zero (Bernoulli CUSUM: Reynolds & Stoumbos, J. Quality Technology 31, 1999).
 *
 * `usualShare`: mean of the baseline, 0 to 1. `requests`: how many one sample stands for. Looks from index `start` on.
 */
export function failingMore(
  shares: readonly number[],
  start: number,
  usualShare: number,
  requests: number,
): Turn | undefined {
  const usual = Math.max(usualShare, MIN_USUAL_SHARE);
  const unusual = Math.min(0.9, Math.max(TIMES * usual, MIN_UNUSUAL_SHARE));
  const [failed, served] = [Math.log(unusual / usual), Math.log((1 - unusual) / (1 - usual))];
  let best: Turn | undefined;
  let sum = 0;
  let first = start;
  for (let index = start; index < shares.length; index++) {
    const share = Math.min(1, Math.max(0, shares[index] ?? 0));
    if (sum <= 0) {
      sum = 0;
      first = index;
    }
    sum += requests * (share * failed + (1 - share) * served);
    if (sum >= SURE_FROM && (best === undefined || sum > best.weight)) {
      best = { first, last: index, direction: "up", weight: sum };
    }
  }
  return best;
}
