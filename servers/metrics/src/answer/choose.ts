import type { SignalChange } from "../change/signal-change.ts";
import type { Suspect } from "../ranking/rank.ts";
import { onsetOfChange } from "../ranking/standing.ts";
import { byTelling, tailRank } from "../ranking/telling.ts";
import { familyOf } from "../signals/family.ts";
import { isError, isLatency } from "../signals/symptom.ts";

/** One signal that may be shown. */
export interface Candidate {
  readonly suspect: Suspect;
  readonly change: SignalChange;
}

const isTraffic = ({ meaning }: SignalChange) => meaning.role === "load";

/** Requests before bytes, where a service has both. */
const trafficRank = ({ signal }: SignalChange) => (/request|rps|qps|call|invocation|message/.test(signal) ? 0 : 1);
/**
 * Traffic, errors and latency of the service asked about: shown even when usual, since a healthy peak must be tellable. One
 * that changed goes before one that is usual.
 */
function goldenSignals(asked: Suspect): SignalChange[] {
  const own = asked.signals.map(({ change }) => change).filter(({ meaning }) => !meaning.ofCalls);
  const scoreOf = (change: SignalChange) => (change.status === "measured" ? change.score : 0);
  const taken: SignalChange[] = [];
  for (const matches of [isTraffic, isError, isLatency]) {
    const [best] = own
      .filter((change) => matches(change) && change.status !== "stopped" && !taken.includes(change))
      .sort((a, b) => trafficRank(a) - trafficRank(b) || scoreOf(b) - scoreOf(a) || tailRank(a) - tailRank(b));
    if (best) taken.push(best);
  }
  return taken;
}

/** A suspect's unusual signals, what weighs most first, one of each family; the one that dates its onset comes second. */
function tellingSignals(suspect: Suspect, shown: readonly SignalChange[]): SignalChange[] {
  const families = new Set(shown.filter((c) => c.service === suspect.name).map((c) => familyOf(c.signal)));
  const telling = [...suspect.signals].sort(byTelling).flatMap(({ change, weight }) => {
    const family = familyOf(change.signal);
    if (weight === 0 || families.has(family)) return [];
    families.add(family);
    return [change];
  });
  const [main, ...others] = telling;
  const dating = others.find((change) => onsetOfChange(change) === suspect.onset);
  if (!main || !dating || onsetOfChange(main) === suspect.onset) return telling;
  return [main, dating, ...others.filter((change) => change !== dating)];
}

export interface Choice {
  /** The golden signals of the service asked about, and the first suspect's weightiest one. */
  readonly first: readonly Candidate[];
  /** Each other suspect with its weightiest signal, most suspect first. */
  readonly others: readonly Candidate[];
  /** Second and third signals of the first suspects, where there is room. */
  readonly seconds: readonly Candidate[];
}

/**
 * The latency whose quantile is shown of everyone, so that a caller's and a callee's can be held against each other: the tail-most that the
 * first of some suspects reports.
 */
function quantileOfAll(suspects: readonly Suspect[]): string | undefined {
  for (const { signals } of suspects) {
    const [tail] = signals
      .map(({ change }) => change)
      .filter((change) => isLatency(change) && !change.meaning.ofCalls && change.status === "measured")
      .sort((a, b) => tailRank(a) - tailRank(b));
    if (tail) return tail.signal;
  }
  return undefined;
}

/** The same latency by the quantile that is shown of everyone, where the service has it and it turned too. */
function inQuantile({ signals }: Suspect, change: SignalChange, quantile: string | undefined): SignalChange {
  if (quantile === undefined || !isLatency(change) || change.meaning.ofCalls) return change;
  const same = signals.find((one) => one.change.signal === quantile)?.change;
  if (same?.status !== "measured" || familyOf(same.signal) !== familyOf(change.signal)) return change;
  return same.onset === null && change.status === "measured" && change.onset !== null ? change : same;
}

/** `asked`: the service asked about, when it is to be shown whatever its place. `all`: its signals all, not the golden ones. */
export function choose(asked: Suspect | undefined, suspects: readonly Suspect[], all: boolean): Choice {
  const quantile = quantileOfAll([...(asked ? [asked] : []), ...suspects]);
  const always = asked
    ? all
      ? asked.signals.map(({ change }) => change)
      : goldenSignals(asked).map((change) => inQuantile(asked, change, quantile))
    : [];
  const golden = asked ? always.map((change) => ({ suspect: asked, change })) : [];
  const telling = suspects.map((suspect) => ({
    suspect,
    changes: tellingSignals(suspect, always).map((change) => inQuantile(suspect, change, quantile)),
  }));
  const nth = (index: number) =>
    telling.flatMap(({ suspect, changes }) => {
      const change = changes[index];
      return change ? [{ suspect, change }] : [];
    });
  const [lead] = suspects;
  return {
    first: [...golden, ...nth(0).filter(({ suspect }) => suspect === lead)],
    others: nth(0).filter(({ suspect }) => suspect !== lead && suspect !== asked),
    seconds: [...nth(1), ...nth(2)],
  };
}
