import type { Measured, SignalChange, Stopped } from "../change/change.ts";

/** How a service stands by its own signals alone. */
export interface Standing {
  /** 0 (nothing unusual) to 1. */
  readonly own: number;
  /** Earliest onset of what makes it suspect, epoch ms. */
  readonly onset: number | null;
  /** The change that weighs most. */
  readonly main: Measured | Stopped | undefined;
}

/**
 * What a change counts by its role. Symptoms are what an incident is made of. A full resource is a cause that may show
 * before any symptom. Load is mostly what others send. Direction: less latency or less CPU is no bad news, but no
 * nothing either (a service that fails fast is quick and idle).
 */
const WEIGHT = {
  symptom: { bad: 1, other: 0.4 },
  saturation: { bad: 0.7, other: 0.2 },
  load: { bad: 0.3, other: 0.3 },
  other: { bad: 0.4, other: 0.4 },
} as const;
const STOPPED = 0.6;

/** How much of a signal's rise may be put down to traffic that rose as much: a peak fills what it uses. */
const PROPORTION = 1.3;

function trafficFactor(changes: readonly SignalChange[]): number {
  const factors = changes.flatMap((change) =>
    change.status === "measured" && change.meaning.role === "load" && change.usual.median > 0
      ? [change.value / change.usual.median]
      : [],
  );
  return Math.max(1, ...factors);
}

function weigh(change: SignalChange, traffic: number): number {
  if (change.status === "stopped") return change.recent && change.usual ? STOPPED : 0;
  if (change.status !== "measured" || change.change === "usual") return 0;
  const weight = WEIGHT[change.meaning.role][change.bad ? "bad" : "other"] * change.score;
  const { role } = change.meaning;
  const byTraffic =
    (role === "saturation" || role === "other") && change.change === "up" && change.usual.median > 0
      ? change.value / change.usual.median <= traffic * PROPORTION
      : false;
  return byTraffic && traffic > PROPORTION ? weight * 0.3 : weight;
}

const onsetOf = (change: SignalChange): number | null =>
  change.status === "measured" ? change.onset : change.status === "stopped" ? change.lastSeen : null;

export interface WeighedChange {
  readonly change: SignalChange;
  /** 0 to 1: the change's score by its role and direction. */
  readonly weight: number;
}

/** The signals of one service, what weighs most first. */
export function weighChanges(changes: readonly SignalChange[]): WeighedChange[] {
  const traffic = trafficFactor(changes);
  return changes
    .map((change) => ({ change, weight: weigh(change, traffic) }))
    .sort((a, b) => b.weight - a.weight || a.change.signal.localeCompare(b.change.signal));
}

export function standingOf(weighed: readonly WeighedChange[]): Standing {
  const [main] = weighed;
  if (!main || main.weight === 0 || main.change.status === "too_little_baseline") {
    return { own: 0, onset: null, main: undefined };
  }
  const telling = weighed.filter(({ weight }) => weight > 0 && weight >= main.weight / 2);
  const onsets = telling.map(({ change }) => onsetOf(change)).filter((onset) => onset !== null);
  return { own: main.weight, onset: onsets.length === 0 ? null : Math.min(...onsets), main: main.change };
}
