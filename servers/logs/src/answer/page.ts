import { type Evidence, estimateTokens, messageOf, mostThatFit } from "@oncall-copilot/core";
import type { ToolContext } from "@oncall-copilot/core/server";
import { refusedRight } from "../meaning/refused-right.ts";
import { isAtMostReplicas } from "../meaning/scaling.ts";
import { patternItem } from "./items.ts";
import type { Labelled } from "./labels.ts";
import type { Scene } from "./marks.ts";
import { type LogAnswer, renderLogAnswer, type ShownPattern } from "./output.ts";
import { second } from "./words.ts";

/** Tokens of a whole answer, as `estimateTokens` counts them, which errs high. */
const BUDGET = 1_600;
/** Most patterns of one answer. */
const MAX_PATTERNS = 12;

/**
 * How many characters of an event are shown: what is ranked first may be long, and where few patterns are left there is
 * room.
 */
function roomFor(index: number, left: number): number {
  if (left === 1) return 2_000;
  if (left === 2) return 1_000;
  return index === 0 ? 480 : 200;
}

function shown(pattern: Labelled, evidence: Evidence): ShownPattern {
  const { label, level, count, before, first, last, repeats } = pattern;
  const message = messageOf(evidence);
  const right = refusedRight(message);
  return {
    ...{ label, level, count, before, first: second(first), last: second(last) },
    ...(repeats ? { repeats: true as const } : {}),
    ...(right ? { right } : {}),
    ...(isAtMostReplicas(message) ? { scaling_limited: true as const } : {}),
    evidence,
  };
}

/** As many patterns, from the front of those left, as fit an answer beside `frame`; at least one. */
export async function fillPage(
  scene: Scene,
  left: readonly Labelled[],
  frame: (patterns: readonly ShownPattern[]) => { readonly head: string; readonly data: LogAnswer },
  context: ToolContext,
): Promise<LogAnswer> {
  const candidates = await Promise.all(
    left.slice(0, MAX_PATTERNS).map(async (pattern, index) => {
      const item = await patternItem(pattern, scene, roomFor(index, left.length));
      return shown(pattern, await context.evidence(item));
    }),
  );
  const cost = (patterns: readonly ShownPattern[]): number => {
    const { head, data } = frame(patterns);
    return estimateTokens(head) + Math.max(estimateTokens(renderLogAnswer(data)), estimateTokens(JSON.stringify(data)));
  };
  const fit = mostThatFit(candidates, BUDGET, cost);
  return frame(candidates.slice(0, Math.max(1, fit))).data;
}
