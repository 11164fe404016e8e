import type { Measured, SignalChange, Stopped } from "../change/signal-change.ts";
import { familyOf } from "../signals/family.ts";
import { byTelling } from "./telling.ts";
import type { WeighedChange } from "./weigh.ts";

/** How a service stands by its own signals alone. */
export interface Standing {
  /** 0 (nothing unusual) to 1. */
  readonly own: number;
  /** Earliest onset among what makes it suspect, epoch ms. */
  readonly onset: number | null;
  /** Since when it is usual again, epoch ms: null while any of what makes it suspect is still on. */
  readonly recoveredAt: number | null;
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

/** The last recovery among changes that are all over; null where one is not. */
function recoveryOf(telling: readonly WeighedChange[]): number | null {
  const ends = telling.map(({ change }) => (change.status === "measured" ? change.recoveredAt : null));
  return ends.length === 0 || ends.includes(null) ? null : Math.max(...ends.flatMap((at) => at ?? []));
}

/** `weighed`: the changes of one service, what weighs most first. */
export function standingOf(weighed: readonly WeighedChange[]): Standing {
  const [first] = weighed;
  const [telling] = [...weighed].sort(byTelling);
  const main = telling?.change;
  if (!first || first.weight === 0 || (main?.status !== "measured" && main?.status !== "stopped")) {
    return { own: 0, onset: null, recoveredAt: null, main: undefined };
  }
  const second = weighed.find(({ change }) => familyOf(change.signal) !== familyOf(first.change.signal))?.weight ?? 0;
  const dating = weighed.filter(({ weight }) => weight > 0 && weight >= first.weight * TELLING);
  const onsets = dating.flatMap(({ change }) => onsetOfChange(change) ?? []);
  return {
    own: first.weight + (1 - first.weight) * SECOND * second,
    onset: onsets.length === 0 ? null : Math.min(...onsets),
    recoveredAt: recoveryOf(dating),
    main,
  };
}
