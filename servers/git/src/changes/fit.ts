import { estimateTokens, mostThatFit } from "@oncall-copilot/core";
import { short } from "../git/object-id.ts";
import { type ChangesOutput, changesText } from "./answer.ts";
import type { Change } from "./collect.ts";
import { type Detail, namesOf, when } from "./describe.ts";
import { type Draft, type DraftContext, draftChange, type Source } from "./drafts.ts";
import { effectiveAt } from "./rank.ts";

/** How much is told of each commit, from most to least: many changes are told in fewer lines each. */
const DETAILS: readonly Detail[] = [
  { diffLines: 60, bodyLines: 8, files: 12 },
  { diffLines: 30, bodyLines: 5, files: 8 },
  { diffLines: 18, bodyLines: 3, files: 5 },
  { diffLines: 12, bodyLines: 2, files: 4 },
  { diffLines: 8, bodyLines: 1, files: 3 },
];
const FEWEST_WANTED = 5;
const MOST_ALSO = 10;

/** As long as every receipt, for measuring before any is minted. */
const PLACEHOLDER_ID = "g".padEnd(17, "x");

export interface Fitted {
  readonly drafts: readonly Draft[];
  readonly also: readonly string[];
}

/** The most changes, from the front, that fit into so many tokens; those that follow get a line each while there is room. */
export function fitChanges(
  sources: readonly Source[],
  rest: readonly Change[],
  context: DraftContext,
  budget: number,
): Fitted {
  let drafts: Draft[] = [];
  for (const detail of DETAILS) {
    const candidates = sources.map((source) => draftChange(source, context, detail));
    drafts = candidates.slice(
      0,
      Math.max(
        1,
        mostThatFit(candidates, budget, (chosen) => tokensOf(chosen, [])),
      ),
    );
    if (drafts.length >= Math.min(FEWEST_WANTED, candidates.length)) break;
  }
  const untold = [...sources.slice(drafts.length).map(({ change }) => change), ...rest];
  const lines = untold.slice(0, MOST_ALSO).map((change) => lineOf(change, context));
  return {
    drafts,
    also: lines.slice(
      0,
      mostThatFit(lines, budget, (chosen) => tokensOf(drafts, chosen)),
    ),
  };
}

/** Facts only, no word of a stranger's: this line stands outside any fence. */
function lineOf(change: Change, { start, to }: DraftContext): string {
  const sha = change.commit?.sha ?? change.rollouts[0]?.revision ?? "";
  const live = change.rollouts.some(({ at }) => at <= to) ? "deployed" : "landed";
  const id = /^[0-9a-f]+$/.test(sha) ? ` ${short(sha)}` : "";
  return `${namesOf(change, start)}: ${change.kind}${id}, ${live} ${when(effectiveAt(change, to))}`;
}

function tokensOf(drafts: readonly Draft[], also: readonly string[]): number {
  const data: ChangesOutput = {
    changes: drafts.map(({ diff: _, evidence, ...item }) => ({
      ...item,
      evidence: { id: PLACEHOLDER_ID, ...evidence },
    })),
    also: [...also],
    next_cursor: "0".repeat(22),
  };
  return Math.max(estimateTokens(changesText(data)), estimateTokens(JSON.stringify(data)));
}
