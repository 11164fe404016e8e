import type { LiveState } from "../deployments.ts";

/** Whether somebody who looks for a cause should see it. */
export function isNoteworthy({ sync, health, failedSync }: LiveState): boolean {
  return sync !== "Synced" || health !== "Healthy" || failedSync !== undefined;
}

/** What runs was changed by others than the deployer: the revision that should run is the one that was rolled out. */
export function isDrift(state: LiveState): boolean {
  return state.sync === "OutOfSync" && (state.rolledOutAt !== undefined || driftedAt(state) !== undefined);
}

/** When what runs was last changed by hand, as far as the cluster tells. Epoch ms. */
export function driftedAt({ drifted }: LiveState): number | undefined {
  const times = drifted.flatMap(({ fields }) => fields.flatMap(({ at }) => at ?? []));
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** `OutOfSync, Degraded`: one word or two. */
export const stateWords = ({ sync, health, failedSync }: LiveState): string =>
  [
    ...(sync === "Synced" ? [] : [sync]),
    ...(health === "Healthy" ? [] : [health]),
    ...(failedSync ? [`sync ${failedSync.phase}`] : []),
  ].join(", ");
