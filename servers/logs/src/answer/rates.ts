/**
 * Whether events come at a higher rate than before by more than a given factor: the variance-stabilised test of two
 * Poisson rates, which keeps its level for small counts and unequal exposures (Gu, Ng, Tang and Schucany, "Testing the
 * Ratio of Two Poisson Rates", Biometrical Journal 50, 2008, their W5; after Huffman, Applied Statistics 33, 1984).
 *
 * Under the hypothesis that the true ratio is `ratio`, the value is standard normal; large values speak against it.
 */
export function rateRatioZ(
  now: { readonly count: number; readonly exposure: number },
  before: { readonly count: number; readonly exposure: number },
  ratio: number,
): number {
  const expected = (ratio * now.exposure) / before.exposure;
  return (2 * (Math.sqrt(now.count + 3 / 8) - Math.sqrt(expected * (before.count + 3 / 8)))) / Math.sqrt(1 + expected);
}

/**
 * The chance that none of `count` events fell into the time before, had they come at one rate all along: with equal
 * exposures 1/2 for one event (the conditional binomial of Przyborowski and Wilenski, Biometrika 31, 1940).
 */
export function chanceOfNone(count: number, exposure: number, exposureBefore: number): number {
  return (exposure / (exposure + exposureBefore)) ** count;
}
