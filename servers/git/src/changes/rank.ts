import type { Change } from "./collect.ts";

const MINUTE_MS = 60_000;

/** When it took effect, as far as the window's end knows: its last roll-out by then, else when it landed. Epoch ms. */
export function effectiveAt(change: Change, to: number): number {
  const live = change.rollouts.map(({ at }) => at).filter((at) => at <= to);
  return live.length > 0 ? Math.max(...live) : (change.commit?.committedAt ?? 0);
}

/**
 * Orders changes by how well they would explain trouble at the end of the window: what went live shortly before comes
 * first, a dependency before its callers, and what no deployment carries or no service owns comes later. It only orders.
 */
export function rankChanges(changes: readonly Change[], to: number, rolloutsKnown: boolean): Change[] {
  return changes
    .map((change) => ({ change, at: effectiveAt(change, to), weight: weightOf(change, to, rolloutsKnown) }))
    .sort((a, b) => a.weight - b.weight || b.at - a.at)
    .map(({ change }) => change);
}

function weightOf(change: Change, to: number, rolloutsKnown: boolean): number {
  const minutes = Math.max(0, to - effectiveAt(change, to)) / MINUTE_MS;
  const hops = Math.max(0, ...change.services.map((service) => service.hops));
  let weight = (minutes + 5) / (1 + hops / 2);
  const live = change.rollouts.some(({ at }) => at <= to);
  if (rolloutsKnown && !live) weight = weight * 3 + 60;
  if (change.shared) weight *= 2;
  if (change.kind === "rollout" && change.rollouts.every(({ kind }) => kind === "forward" || kind === "same"))
    weight *= 2;
  return weight;
}
