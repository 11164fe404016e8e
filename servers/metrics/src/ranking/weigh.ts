import type { Measured, SignalChange } from "../change/change.ts";
import { unitOf } from "../signals/unit.ts";

export interface WeighedChange {
  readonly change: SignalChange;
  /** 0 to 1: the change's score by what its signal says of the service itself. */
  readonly weight: number;
}

/**
 * What a change counts by its role. Symptoms are what an incident is made of. A resource that fills may be the cause. Load is
 * mostly what others send. Less latency is no bad news, but not nothing either: a service that fails fast is quick.
 */
const WEIGHT = {
  symptom: { bad: 1, good: 0.4 },
  saturation: { bad: 0.5, good: 0.15 },
  load: { bad: 0.25, good: 0.25 },
  other: { bad: 0.3, good: 0.3 },
} as const;
/** A ratio of what there is counts as much as a symptom once it is full (saturation in Gregg's USE method). */
const FILLING_FROM = 0.5;
const FULL_AT = 0.9;
/** What a service measures of its own calls speaks of those it calls. */
const OF_CALLS = 0.2;
/** What was so long before the window, or was never seen turning, is hardly what turned now. */
const NOT_NEW = 0.3;
const NEW_BEFORE_WINDOW_MS = 10 * 60_000;
/** A rise up to this many times that of the traffic may be put down to it: a peak fills what it uses. */
const PROPORTION = 1.3;
const BY_TRAFFIC = 0.3;
/** A service whose signals have all gone silent, and one of which only some have. */
const ALL_SILENT = 0.8;
const SOME_SILENT = 0.15;

/** How many times its usual traffic a service gets; 1 when that is not more than usual. */
function trafficRise(changes: readonly SignalChange[]): number {
  const rises = changes.flatMap((change) =>
    change.status === "measured" && change.meaning.role === "load" ? [riseOf(change)] : [],
  );
  return Math.max(1, ...rises.filter(Number.isFinite));
}

const riseOf = ({ value, usual }: Measured): number =>
  usual.median > 0 ? value / usual.median : Number.POSITIVE_INFINITY;

function byTraffic(change: Measured, rise: number): boolean {
  const { role } = change.meaning;
  if (role === "symptom" || role === "load" || change.change !== "up") return false;
  return rise > PROPORTION && riseOf(change) <= rise * PROPORTION;
}

function weigh(change: Measured, rise: number, from: number): number {
  if (change.onset === null) return 0;
  const { role, ofCalls } = change.meaning;
  let weight: number = WEIGHT[role][change.bad ? "bad" : "good"];
  if (role === "saturation" && change.bad && unitOf(change.signal) === "ratio") {
    const full = Math.min(1, Math.max(0, (change.value - FILLING_FROM) / (FULL_AT - FILLING_FROM)));
    weight += (1 - weight) * full;
  }
  if (byTraffic(change, rise)) weight *= BY_TRAFFIC;
  if (ofCalls) weight *= OF_CALLS;
  if (!change.seenTurning || change.onset < from - NEW_BEFORE_WINDOW_MS) weight *= NOT_NEW;
  return weight * change.score;
}

/** The changes of one service, what weighs most first. `from` is the window's start, epoch ms. */
export function weighChanges(changes: readonly SignalChange[], from: number): WeighedChange[] {
  const rise = trafficRise(changes);
  const silence = changes.every(({ status }) => status === "stopped") ? ALL_SILENT : SOME_SILENT;
  const weightOf = (change: SignalChange): number => {
    if (change.status === "measured") return weigh(change, rise, from);
    return change.status === "stopped" && change.recent ? silence : 0;
  };
  return changes
    .map((change) => ({ change, weight: weightOf(change) }))
    .sort((a, b) => b.weight - a.weight || a.change.signal.localeCompare(b.change.signal));
}
