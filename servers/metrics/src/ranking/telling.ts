import type { SignalChange } from "../change/signal-change.ts";
import { isError } from "../signals/symptom.ts";
import type { WeighedChange } from "./weigh.ts";

/** Where a service has several latencies, the tail says most: p99 before p95 before the mean. */
const TAIL = ["p99", "p95", "p90", "avg", "p50"];

export function tailRank({ signal }: SignalChange): number {
  const rank = TAIL.findIndex((name) => signal.includes(name));
  return rank < 0 ? TAIL.length : rank;
}

/** Weights this near are one: then errors say more than latency, and the tail more than the median. */
const NEAR = 0.05;

/** Orders the changes of one service by what tells a person most. */
export function byTelling(a: WeighedChange, b: WeighedChange): number {
  const weight = Math.round(b.weight / NEAR) - Math.round(a.weight / NEAR);
  const error = Number(isError(b.change)) - Number(isError(a.change));
  return weight || error || tailRank(a.change) - tailRank(b.change) || b.weight - a.weight;
}
