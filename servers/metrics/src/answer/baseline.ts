import type { Periods, SignalChange } from "../change/signal-change.ts";
import type { Span } from "../change/span.ts";

/** Earlier incidents that are named; more of them would be a day that nobody remembers as quiet. */
const MAX_NAMED = 3;
/** Two signals of one incident seldom begin and end together. */
const NEAR_MS = 120_000;

/** Earlier incidents that were left out of what is usual, joined over all signals, the latest first. */
export function leftOutOf(changes: readonly SignalChange[], { baselineFrom, baselineTo }: Periods): readonly Span[] {
  const spans = changes
    .flatMap((change) => ("usual" in change ? (change.usual?.leftOut ?? []) : []))
    .map(({ from, to }) => ({ from: Math.max(from, baselineFrom), to: Math.min(to, baselineTo) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    const last = joined.at(-1);
    if (last && from - last.to <= NEAR_MS) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined.reverse().slice(0, MAX_NAMED);
}
