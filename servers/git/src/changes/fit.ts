import { estimateTokens, mostThatFit, writeMarks } from "@oncall-copilot/core";
import { short } from "../git/object-id.ts";
import { type ChangesOutput, changesText } from "./answer.ts";
import type { Change } from "./collect.ts";
import { type Detail, MAX_NAMED, when } from "./describe.ts";
import { type Draft, type DraftContext, draftChange, isLive, type Source, shaOf } from "./drafts.ts";
import { effectiveAt } from "./rank.ts";

/**
 * How much is told of each commit, from most to least: many changes are told in fewer lines each, the first in more than
 * the others.
 */
const DETAILS: readonly { readonly first: Detail; readonly others: Detail }[] = [
  { first: detail(80, 10, 12, 300), others: detail(60, 8, 12, 300) },
  { first: detail(50, 8, 8, 200), others: detail(25, 4, 8, 200) },
  { first: detail(30, 6, 5, 160), others: detail(12, 2, 4, 160) },
  { first: detail(20, 4, 4, 160), others: detail(8, 2, 3, 160) },
];

/** When strangers' words are so long that not even one change fits. */
const LEAST = detail(3, 1, 2, 100);

function detail(diffLines: number, bodyLines: number, files: number, lineLength: number): Detail {
  return { diffLines, bodyLines, files, lineLength };
}

const FEWEST_WANTED = 4;
const MAX_ALSO = 12;

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
  for (const { first, others } of DETAILS) {
    const candidates = sources.map((source, index) => draftChange(source, context, index === 0 ? first : others));
    drafts = candidates.slice(
      0,
      mostThatFit(candidates, budget.told, (chosen) => tokensOf(chosen, [])),
    );
    if (drafts.length >= Math.min(FEWEST_WANTED, candidates.length)) break;
  }
  if (drafts.length === 0) drafts = sources.slice(0, 1).map((source) => draftChange(source, context, LEAST));
  const untold = [...sources.slice(drafts.length).map(({ change }) => change), ...rest];
  const lines = untold.slice(0, MAX_ALSO).map((change) => lineOf(change, context));
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
  const sha = shaOf(change);
  const live = change.state ? "seen" : isLive(change, to) ? "deployed" : "landed";
  const names = change.services.slice(0, MAX_NAMED).map(({ name }) => name);
  const time = when(Math.floor(effectiveAt(change, to) / 1000) * 1000);
  const id = /^[0-9a-f]+$/.test(sha) ? ` ${short(sha)}` : "";
  return `${names.length > 0 ? names.join(", ") : "shared files"}: ${change.kind}${id} ${live} ${time}`;
}

/** What items and lines cost in whichever form costs more. */
export function tokensOf(drafts: readonly Draft[], also: readonly string[]): number {
  const data: ChangesOutput = {
    changes: drafts.map(({ diff: _, evidence, ...item }) => ({
      ...item,
      evidence: { id: PLACEHOLDER_ID, ...evidence, about: [...evidence.about], shows: writeMarks(evidence.shows) },
    })),
    also: [...also],
    next_cursor: "0".repeat(22),
  };
  return Math.max(estimateTokens(changesText(data)) * TEXT_WEIGHT, estimateTokens(JSON.stringify(data)));
}
