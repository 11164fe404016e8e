import { estimateTokens, mostThatFit } from "@oncall-copilot/core";
import { short } from "../git/object-id.ts";
import { type ChangesOutput, changesText } from "./answer.ts";
import type { Change } from "./collect.ts";
import { type Detail, MOST_NAMED, when } from "./describe.ts";
import { type Draft, type DraftContext, draftChange, type Source } from "./drafts.ts";
import { effectiveAt } from "./rank.ts";

/**
 * How much is told of each commit, from most to least: many changes are told in fewer lines each, the first in more than
 * the others.
 */
const DETAILS: readonly { readonly first: Detail; readonly others: Detail }[] = [
  { first: { diffLines: 80, bodyLines: 10, files: 12 }, others: { diffLines: 60, bodyLines: 8, files: 12 } },
  { first: { diffLines: 50, bodyLines: 8, files: 8 }, others: { diffLines: 25, bodyLines: 4, files: 8 } },
  { first: { diffLines: 30, bodyLines: 6, files: 5 }, others: { diffLines: 12, bodyLines: 2, files: 4 } },
  { first: { diffLines: 20, bodyLines: 4, files: 4 }, others: { diffLines: 8, bodyLines: 2, files: 3 } },
];
const FEWEST_WANTED = 4;
const MOST_ALSO = 12;

/** As long as every receipt, for measuring before any is minted. */
const PLACEHOLDER_ID = "g".padEnd(17, "x");

/** The estimate errs higher on JSON's punctuation than on text; weighed so, both forms come out about the same. */
const TEXT_WEIGHT = 1.15;

/** Estimated tokens: for changes told in full, and for those with the lines about the others. */
export interface Budget {
  readonly told: number;
  readonly all: number;
}

export interface Fitted {
  readonly drafts: readonly Draft[];
  readonly also: readonly string[];
}

/** The most changes, from the front, that fit into so many tokens; those that follow get a line each while there is room. */
export function fitChanges(
  sources: readonly Source[],
  rest: readonly Change[],
  context: DraftContext,
  budget: Budget,
): Fitted {
  let drafts: Draft[] = [];
  for (const detail of DETAILS) {
    const candidates = sources.map((source, index) =>
      draftChange(source, context, index === 0 ? detail.first : detail.others),
    );
    drafts = candidates.slice(
      0,
      Math.max(
        1,
        mostThatFit(candidates, budget.told, (chosen) => tokensOf(chosen, [])),
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
      mostThatFit(lines, budget.all, (chosen) => tokensOf(drafts, chosen)),
    ),
  };
}

/** Facts only, no word of a stranger's: this line stands outside any fence. */
function lineOf(change: Change, { to }: DraftContext): string {
  const sha = change.commit?.sha ?? change.rollouts[0]?.revision ?? "";
  const live = change.rollouts.some(({ at }) => at <= to) ? "deployed" : "landed";
  const names = change.services.slice(0, MOST_NAMED).map(({ name }) => name);
  const time = when(Math.floor(effectiveAt(change, to) / 1000) * 1000);
  const id = /^[0-9a-f]+$/.test(sha) ? ` ${short(sha)}` : "";
  return `${names.length > 0 ? names.join(", ") : "shared files"}: ${change.kind}${id} ${live} ${time}`;
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
  return Math.max(estimateTokens(changesText(data)) * TEXT_WEIGHT, estimateTokens(JSON.stringify(data)));
}
