/** How many of how many. `of` 0: the question did not arise. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** Standard normal quantile of a two-sided 95 % interval. */
const Z95 = 1.959964;

/** The share of the answers that are yes; null ones are no answers. */
export function shareOf(answers: readonly (boolean | null)[]): Share {
  const given = answers.filter((answer) => answer !== null);
  return { hits: given.filter(Boolean).length, of: given.length };
}

/** 0 to 1; null when the question did not arise. */
export const rateOf = ({ hits, of }: Share): number | null => (of === 0 ? null : hits / of);

/**
 * The 95 % score interval of a binomial proportion, both ends 0 to 1 (E. B. Wilson, "Probable Inference, the Law of
 * Succession, and Statistical Inference", JASA 22, 1927). It stays honest on a handful of cases and at 0 and 1, where the
 * textbook interval has no width. `of` must be above 0.
 */
export function wilson({ hits, of }: Share): { readonly low: number; readonly high: number } {
  const rate = hits / of;
  const z2 = Z95 ** 2;
  const middle = (rate + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z95 / (1 + z2 / of)) * Math.sqrt((rate * (1 - rate)) / of + z2 / (4 * of ** 2));
  return { low: hits === 0 ? 0 : Math.max(0, middle - half), high: hits === of ? 1 : Math.min(1, middle + half) };
}

const percent = (ratio: number) => (100 * ratio).toFixed(0);

/** `17/20  85 % [64-95]`, or `-` when the question did not arise. */
export function shareText(share: Share): string {
  if (share.of === 0) return "-";
  const { low, high } = wilson(share);
  return `${share.hits}/${share.of}  ${percent(share.hits / share.of)} % [${percent(low)}-${percent(high)}]`;
}

/** Two decimals, or `-` for null. */
export const ratioText = (ratio: number | null): string => (ratio === null ? "-" : ratio.toFixed(2));
