import type { SignalChange } from "../change/change.ts";
import type { Suspect } from "../ranking/rank.ts";
import { familyOf } from "../signals/family.ts";

/** One signal that may be shown, in the order in which they are worth their tokens. */
export interface Candidate {
  readonly suspect: Suspect;
  readonly change: SignalChange;
}

const SIGNALS_A_SUSPECT = 3;

const isError = (change: SignalChange) =>
  change.meaning.role === "symptom" && /error|availab|success|fail|fault|5xx/.test(change.signal);
const isLatency = (change: SignalChange) => /latency|duration|response/.test(change.signal);
const isTraffic = (change: SignalChange) => /request|rps|qps|throughput|calls|invocations|messages/.test(change.signal);

/** The tail where there is a choice: p99 before p95 before the mean. */
const TAIL = ["p99", "p95", "p90", "avg", "p50"];
const tailRank = (signal: string) => {
  const rank = TAIL.findIndex((name) => signal.includes(name));
  return rank < 0 ? TAIL.length : rank;
};

/** Traffic, errors and latency of the service asked about: shown even when usual, since a healthy peak must be tellable. */
export function goldenSignals(suspect: Suspect): SignalChange[] {
  const changes = suspect.signals.map(({ change }) => change);
  return [isTraffic, isError, isLatency].flatMap((matches) => {
    const found = changes
      .filter((change) => matches(change) && change.status !== "stopped")
      .sort((a, b) => tailRank(a.signal) - tailRank(b.signal));
    const own = found.find((change) => !change.signal.startsWith("client_")) ?? found[0];
    return own ? [own] : [];
  });
}

/**
 * What to show, most worth its tokens first: the golden signals of the service asked about, then each suspect's weightiest
 * signal, then everyone's second, and so on. One latency quantile stands for the others of its service.
 */
export function candidates(asked: Suspect | undefined, suspects: readonly Suspect[]): Candidate[] {
  const golden = asked ? goldenSignals(asked).map((change) => ({ suspect: asked, change })) : [];
  const shown = new Set(golden.map(({ change }) => change));
  const rest = suspects.map((suspect) => tellingSignals(suspect, shown).map((change) => ({ suspect, change })));
  const rounds = Array.from({ length: SIGNALS_A_SUSPECT }, (_, round) =>
    rest.flatMap((list) => (list[round] ? [list[round]] : [])),
  );
  return [...golden, ...rounds.flat()];
}

function tellingSignals(suspect: Suspect, shown: ReadonlySet<SignalChange>): SignalChange[] {
  const families = new Set([...shown].filter((c) => c.service === suspect.name).map((c) => familyOf(c.signal)));
  return suspect.signals.flatMap(({ change, weight }) => {
    const name = familyOf(change.signal);
    if (weight === 0 || shown.has(change) || families.has(name)) return [];
    families.add(name);
    return [change];
  });
}
