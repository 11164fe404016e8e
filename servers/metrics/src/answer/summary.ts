import type { ResolvedWindow } from "@oncall-copilot/core";
import { shortInstant } from "./figures.ts";

export interface Counts {
  /** The service asked about, and how many it depends on that were looked at, within so many hops. */
  readonly start: string;
  readonly others: number;
  readonly hops: number;
  readonly window: ResolvedWindow;
  /** The window's own first samples stand in for a baseline. */
  readonly standIn: boolean;
  readonly dataEnd: number | undefined;
  readonly hasSeries: boolean;
  readonly unusual: number;
  /** Of these, how many are usual again. */
  readonly over: number;
  readonly offset: number;
  readonly shown: number;
  readonly signalsLeftOut: number;
  /** Signals that the backend did not give. */
  readonly unread: readonly string[];
  readonly usualLeftOut: number;
  readonly missingLeftOut: number;
  readonly edge: string | undefined;
}

const MAX_NAMED = 3;

/** The answer's first line: what it covers, what was left out, and how to ask for that. */
export function summaryOf(counts: Counts): string {
  const { start, others, hops, window, dataEnd, offset, shown, unusual, edge } = counts;
  const left = unusual - offset - shown;
  const below = others === 0 ? "" : ` and the ${others} it depends on within ${hops} ${hops === 1 ? "hop" : "hops"}`;
  return [
    `${start}${below}, ${shortInstant(window.from)} to ${shortInstant(window.to)}, against the time before.`,
    ...(dataEnd === undefined
      ? []
      : [`All series end at ${shortInstant(dataEnd)}: nothing is known of anybody since.`]),
    ...(counts.standIn ? ["There are too few samples before the window: its first ones stand in as usual."] : []),
    verdict(counts),
    ...(left > 0 ? [`${left} more: cursor after-${offset + shown}.`] : []),
    ...(counts.signalsLeftOut > 0
      ? [
          `${counts.signalsLeftOut} more unusual signals of these are not shown: ask one of them with hops 0, or for one signal.`,
        ]
      : []),
    ...(counts.usualLeftOut > 0 ? [`${counts.usualLeftOut} more with nothing unusual are not named.`] : []),
    ...(counts.missingLeftOut > 0
      ? [`${counts.missingLeftOut} more without series are not named: fewer hops name them.`]
      : []),
    ...(edge === undefined ? [] : [`What ${edge} depends on was not looked at: ask for it.`]),
    ...window.notes,
  ].join(" ");
}

/** None unusual would sound as if all had been looked at. */
function verdict({ hasSeries, unusual, over, offset, shown, unread }: Counts): string {
  if (!hasSeries) return "No series of them, alarms alone.";
  const signals = `${unread.slice(0, MAX_NAMED).join(", ")}${unread.length > MAX_NAMED ? ` and ${unread.length - MAX_NAMED} more signals` : ""}`;
  const but = unread.length === 0 ? "" : ` in what could be read: ${signals} could not`;
  if (unusual === 0) return unread.length === 0 ? "0 of them unusual." : `Nothing unusual${but}.`;
  const isOver = over === 0 ? "" : ` (${over} of these usual again)`;
  return `${unusual} of them unusual${isOver}${but}, ${shown} shown${offset > 0 ? ` after the first ${offset}` : ""}.`;
}
