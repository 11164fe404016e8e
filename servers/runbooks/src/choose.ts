import { estimateTokens } from "@oncall-copilot/core";
import { type Candidate, otherSection, render } from "./answer.ts";
import type { RunbookOutput, ShownSection } from "./output.ts";

/** Tokens by the estimate: of a usual answer, and of one that was asked for more. */
export const BUDGET = { usual: 1_350, largest: 5_000 } as const;
/** Sections left out that are still named. */
const MAX_NAMED = 8;
/** A section whose score is lower than this share of the best one's is named, not shown. */
const MIN_SHARE = 0.3;

/** A text's size as it stands in the larger of the two forms, its fence and header included. */
export const estimated = (text: string): number =>
  Math.max(estimateTokens(text), estimateTokens(JSON.stringify(text))) + 150;

const cost = (data: RunbookOutput) => Math.max(estimateTokens(render(data)), estimateTokens(JSON.stringify(data)));

/**
 * Shows whole sections, best first, as long as they fit the budget; one that does not fit is named and the next is tried.
 * The best one is shown whatever its length, since half a procedure is worse than a long answer, unless it is beyond
 * what any answer may take.
 */
export async function choose(
  candidates: readonly Candidate[],
  limit: number,
  budget: number,
  show: (candidate: Candidate) => Promise<ShownSection>,
): Promise<{ data: RunbookOutput; left: number }> {
  const best = candidates[0]?.score ?? 0;
  const sections: ShownSection[] = [];
  const others: Candidate[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const worth = sections.length < limit && candidate.score >= best * MIN_SHARE;
    const shown = worth ? await show(candidate) : undefined;
    const most = sections.length === 0 ? BUDGET.largest : budget;
    const named = [...others, ...candidates.slice(index + 1)].slice(0, MAX_NAMED).map(otherSection);
    if (shown && cost({ sections: [...sections, shown], others: named }) <= most) sections.push(shown);
    else others.push(candidate);
  }
  return { data: { sections, others: others.slice(0, MAX_NAMED).map(otherSection) }, left: others.length };
}
