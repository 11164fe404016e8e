import { CouldNotLook, type WalkStep, type Window } from "@oncall-copilot/core";
import type { Deployed, Deployments, Rollout, StateFound } from "../deployments.ts";

interface Options {
  readonly store: Deployments;
  readonly steps: readonly WalkStep[];
  readonly window: Window;
  readonly withState?: boolean;
  readonly signal: AbortSignal;
}

/** What the deployer tells of the services asked about; undefined with the reason among the gaps. */
export async function readDeployed(
  { store, steps, window, signal }: Options,
  gaps: string[],
): Promise<{ deployed: Deployed | undefined; failure?: CouldNotLook }> {
  try {
    const services = steps.map(({ entry }) => entry);
    const deployed = await store.deployed({ services, since: window.from }, signal);
    if (deployed === undefined) gaps.push("deployments are not recorded: when a commit went live is not known");
    gaps.push(...(deployed?.gaps ?? []));
    return { deployed };
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    gaps.push(`deployments: ${error.message}`);
    return { deployed: undefined, failure: error };
  }
}

/** Oldest first, and those of one moment always in the same order, whoever tells them. */
export const inOrder = (rollouts: readonly Rollout[]): readonly Rollout[] =>
  [...rollouts].sort((a, b) => a.at - b.at || (a.service < b.service ? -1 : a.service > b.service ? 1 : 0));

export async function readState(
  { withState, signal }: Options,
  deployed: Deployed | undefined,
  gaps: string[],
): Promise<StateFound | undefined> {
  const found = withState ? await deployed?.state?.(signal) : undefined;
  gaps.push(...(found?.gaps ?? []));
  return found;
}
