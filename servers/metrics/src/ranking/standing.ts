import type { Measured, SignalChange, Stopped } from "../change/change.ts";
import { familyOf } from "../signals/family.ts";
import { byTelling } from "./telling.ts";
import type { WeighedChange } from "./weigh.ts";

/** How a service stands by its own signals alone. */
export interface Standing {
  /** 0 (nothing unusual) to 1. */
  readonly own: number;
  /** Earliest onset among what makes it suspect, epoch ms. */
  readonly onset: number | null;
  /** The change that tells most, of those that weigh most. */
  readonly main: Measured | Stopped | undefined;
}

/** What a second, independent signal adds of what is left to certainty. */
const SECOND = 0.4;
/** Signals that weigh at least this share of the weightiest one date the turn. */
const TELLING = 0.5;

/** When a change began, epoch ms; null when there is none. A silence begins after the last sample. */
export function onsetOfChange(change: SignalChange): number | null {
  if (change.status === "measured") return change.onset;
  return change.status === "stopped" ? change.lastSeen : null;
}

/** `weighed`: the changes of one service, what weighs most first. */
export function standingOf(weighed: readonly WeighedChange[]): Standing {
  const [first] = weighed;
  const [telling] = [...weighed].sort(byTelling);
  if (!first || first.weight === 0 || !telling || telling.change.status === "too_few_samples") {
    return { own: 0, onset: null, main: undefined };
  }
  const main = telling.change;
  const second = weighed.find(({ change }) => familyOf(change.signal) !== familyOf(first.change.signal))?.weight ?? 0;
  const onsets = weighed
    .filter(({ weight }) => weight > 0 && weight >= first.weight * TELLING)
    .flatMap(({ change }) => onsetOfChange(change) ?? []);
  return {
    own: first.weight + (1 - first.weight) * SECOND * second,
    onset: onsets.length === 0 ? null : Math.min(...onsets),
    main,
  };
}
