import { MAX_WORDS } from "../store.ts";

/**
 * What every dialect's statement stands on, so that an answer does not depend on where the history is kept: a weighted mean of
 * the same alert, the same service, and the share of the asked words' weight that an incident's summary and cause hold. A word
 * weighs by its rarity, with BM25's inverse document frequency (Robertson and Zaragoza, "The Probabilistic Relevance
 * Framework", 2009, in its non-negative form). Words are looked for as parts of the text, so `connection` finds `connections`.
 * What was not asked has no weight.
 */
export const WEIGHT = { alert: 0.4, service: 0.2, words: 0.4 } as const;

/** Least likeness that counts as alike: the same alert elsewhere, or the same service with much of the same words. */
export const MIN_LIKENESS = 0.35;

/** Most kinds of fix and of cause brought over. */
export const MAX_KINDS = 3;

/** The words' places in a statement: they are bound as `w0`, `w1` and so on, null where there are fewer. */
export const SLOTS: readonly number[] = Array.from({ length: MAX_WORDS }, (_, index) => index);

/** Milliseconds of the spans that figures are counted over. */
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
