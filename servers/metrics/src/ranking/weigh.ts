import type { Measured, SignalChange } from "../change/signal-change.ts";
import { unitOf } from "../signals/unit.ts";

export interface WeighedChange {
  readonly change: SignalChange;
  /** 0 to 1: the change's score by what its signal says of the service itself. */
  readonly weight: number;
  /** It rose no more, or little more, than the service's traffic did. */
  readonly byTraffic: boolean;
  /** It is usual again. */
  readonly isOver: boolean;
}

/** What weighing goes by besides the changes of one service. */
export interface Moment {
  /** The window's start, epoch ms. */
  readonly from: number;
  /** Since when the trouble is that is on now, epoch ms; undefined where none is. */
  readonly ongoingSince?: number | undefined;
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
/** A climb that began long ago hurts when it has come far, which is now. */
const CLIMBING = 0.6;
/** What was over long before the trouble that is on began is none of it; what was over since, or shortly before, may have set it off. */
const OVER_BEFORE = 0.1;
const OVER_SINCE = 0.6;
/** An effect shows within this time of its cause: queues drain slowly, and samples are up to minutes apart. */
const SOON_MS = 300_000;
/** Traffic that rose this much fills and slows what it uses: a rise in proportion to it is put down to it, and counts little. */
const TRAFFIC_ROSE = 1.3;
/** Up to this many times the traffic's own rise is in proportion; from the second figure on, traffic explains nothing. */
const IN_PROPORTION = 1.3;
const BEYOND = 4;
const BY_TRAFFIC = 0.25;
/** A service whose signals have all gone silent, one of which most have (a platform still tells of it), and one of which some have. */
const ALL_SILENT = 0.8;
const MAX_SILENT = 0.5;
const SOME_SILENT = 0.05;

/** How many times its usual traffic a service gets; 1 when that is not more than usual. */
function trafficRise(changes: readonly SignalChange[]): number {
  const rises = changes.flatMap((change) =>
    change.status === "measured" && change.meaning.role === "load" ? [riseOf(change)] : [],
  );
  return Math.max(1, ...rises.filter(Number.isFinite));
}

const riseOf = ({ value, usual }: Measured): number =>
  usual.median > 0 ? value / usual.median : Number.POSITIVE_INFINITY;

/** What is left of a change once what traffic explains is taken off: 1 when it explains nothing. */
function beyondTraffic(change: Measured, rise: number): number {
  const { role } = change.meaning;
  const grows = role === "symptom" ? unitOf(change.signal) === "seconds" : role !== "load";
  if (!grows || change.change !== "up" || rise < TRAFFIC_ROSE) return 1;
  const excess = (riseOf(change) / rise - IN_PROPORTION) / (BEYOND - IN_PROPORTION);
  return Math.min(1, Math.max(BY_TRAFFIC, excess));
}

/** What is left of a change that is over, while other trouble is on. */
function ofWhatIsOver({ recoveredAt }: Measured, { ongoingSince }: Moment): number {
  if (recoveredAt === null || ongoingSince === undefined) return 1;
  return recoveredAt < ongoingSince - SOON_MS ? OVER_BEFORE : OVER_SINCE;
}

function weigh(change: Measured, rise: number, moment: Moment): WeighedChange {
  const isOver = change.recoveredAt !== null;
  if (change.onset === null) return { change, weight: 0, byTraffic: false, isOver };
  const { role, ofCalls } = change.meaning;
  let weight: number = WEIGHT[role][change.bad ? "bad" : "good"];
  if (role === "saturation" && change.bad && unitOf(change.signal) === "ratio") {
    const full = Math.min(1, Math.max(0, (change.value - FILLING_FROM) / (FULL_AT - FILLING_FROM)));
    weight += (1 - weight) * full;
  }
  const beyond = beyondTraffic(change, rise);
  weight *= beyond;
  if (ofCalls) weight *= OF_CALLS;
  const isNew = change.seenTurning && change.onset >= moment.from - NEW_BEFORE_WINDOW_MS;
  if (!isNew) weight *= change.climbs ? CLIMBING : NOT_NEW;
  weight *= ofWhatIsOver(change, moment);
  return { change, weight: weight * change.score, byTraffic: beyond < 0.5, isOver };
}

function silenceOf(changes: readonly SignalChange[]): number {
  const stopped = changes.filter((change) => change.status === "stopped" && change.recent).length;
  const told = changes.filter(({ status }) => status === "stopped" || status === "measured").length;
  if (stopped === told) return ALL_SILENT;
  return stopped * 2 > told ? MAX_SILENT : SOME_SILENT;
}

/** The changes of one service, what weighs most first. */
export function weighChanges(changes: readonly SignalChange[], moment: Moment): WeighedChange[] {
  const rise = trafficRise(changes);
  const silence = silenceOf(changes);
  return changes
    .map((change): WeighedChange => {
      if (change.status === "measured") return weigh(change, rise, moment);
      const weight = change.status === "stopped" && change.recent ? silence : 0;
      return { change, weight, byTraffic: false, isOver: false };
    })
    .sort((a, b) => b.weight - a.weight || a.change.signal.localeCompare(b.change.signal));
}
