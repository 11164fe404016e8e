import type { Change } from "./collect.ts";
import { driftedAt, isDrift } from "./state.ts";

const MINUTE_MS = 60_000;
/** What is still so at the window's end explains trouble there however long ago it came about: it counts as no older than this. */
const DRIFT_MINUTES = 20;

/** When it took effect, as far as the window's end knows: its last roll-out by then, else when it landed. Epoch ms. */
export function effectiveAt(change: Change, to: number): number {
  if (change.state) return stateAt(change.state, to);
  const live = change.rollouts.map(({ at }) => at).filter((at) => at <= to);
  return live.length > 0 ? Math.max(...live) : (change.commit?.committedAt ?? 0);
}

/** When it came to be so where that is known, else when it was seen to be so. */
function stateAt(state: NonNullable<Change["state"]>, to: number): number {
  const since = isDrift(state) ? driftedAt(state) : state.healthSince;
  return Math.min(since ?? state.failedSync?.at ?? state.comparedAt ?? to, to);
}

/**
 * Orders changes by how well they would explain trouble at the end of the window: what went live shortly before comes
 * first, a dependency before its callers, and what no deployment carries or no service owns comes later. It only orders.
 */
export function rankChanges(changes: readonly Change[], to: number): Change[] {
  return changes
    .map((change) => ({ change, at: effectiveAt(change, to), weight: weightOf(change, to) }))
    .sort((a, b) => a.weight - b.weight || b.at - a.at)
    .map(({ change }) => change);
}

function weightOf(change: Change, to: number): number {
  const age = Math.max(0, to - effectiveAt(change, to)) / MINUTE_MS;
  const minutes = change.kind === "drift" ? Math.min(age, DRIFT_MINUTES) : age;
  const hops = Math.max(0, ...change.services.map((service) => service.hops));
  let weight = (minutes + 5) / (1 + hops / 2);
  const live = change.rollouts.some(({ at }) => at <= to);
  if (change.kind === "drift") return weight;
  // Poor health, or a revision that waits, says where it hurts and not why.
  if (change.kind === "state") return weight * 2;
  if (change.rolloutsKnown && !live) weight = weight * 3 + 60;
  if (change.shared) weight *= 2;
  if (change.kind === "rollout" && change.rollouts.every(({ kind }) => kind === "forward" || kind === "same"))
    weight *= 2;
  return weight;
}
