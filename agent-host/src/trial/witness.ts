import type { Change } from "../tools/answers.ts";
import { CLEAR_LEAD, MIN_WITNESS, WEIGHTS } from "./thresholds.ts";

export type Share = Change["shares"][number];

/** How much of the trouble's own words a commit has. */
export const strengthOf = ({ shares }: Change): number => shares.reduce((sum, { how }) => sum + WEIGHTS[how], 0);

/** What of it speaks most, to be shown. */
export const tellingShare = ({ shares }: Change): Share | undefined => shares.find(({ how }) => WEIGHTS[how] > 0);

export const hasWitness = (change: Change): boolean => strengthOf(change) >= MIN_WITNESS;

/** The one with a witness of its own that no other comes near; undefined when there is none, or two have one. */
export function singledOut<T extends { readonly change: Change }>(kept: readonly T[]): T | undefined {
  const [first, second] = [...kept].sort((a, b) => strengthOf(b.change) - strengthOf(a.change));
  if (!first || !hasWitness(first.change)) return undefined;
  const next = second ? strengthOf(second.change) : 0;
  return next < MIN_WITNESS || strengthOf(first.change) >= next * CLEAR_LEAD ? first : undefined;
}
