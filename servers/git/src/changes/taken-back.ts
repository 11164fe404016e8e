import type { Commit } from "../store.ts";
import type { KnownRollout } from "./rollouts.ts";

/** What took a change out again: a commit or a revision, and when that went live (epoch ms). */
export interface Taken {
  readonly by: string;
  readonly at: number;
}

/** What is read of a change. */
interface Tracked {
  readonly kind: string;
  readonly commit: Commit | undefined;
  readonly rollouts: readonly KnownRollout[];
}

/** The line that `git revert` writes. */
const REVERTS = /^This reverts commit ([0-9a-f]{40})\b/gm;

/** Each change, with what took it out again: a live commit that says that it reverts it, or a roll-back to a revision before it. */
export function withTakenBack<T extends Tracked>(changes: readonly T[]): (T & { readonly takenBack?: Taken })[] {
  const taken = new Map<string, Taken>();
  const note = (sha: string, by: string, at: number) => {
    const known = taken.get(sha);
    if (!known || at < known.at) taken.set(sha, { by, at });
  };
  for (const { commit, rollouts, kind } of changes) {
    const first = Math.min(...rollouts.map(({ at }) => at));
    for (const [, sha = ""] of commit?.body.matchAll(REVERTS) ?? []) {
      if (commit && Number.isFinite(first)) note(sha, commit.sha, first);
    }
    if (kind !== "rollout") continue;
    for (const rollout of rollouts.filter((one) => one.kind === "back")) {
      for (const { sha } of rollout.commits) note(sha, rollout.revision, rollout.at);
    }
  }
  return changes.map((change) => {
    const found = change.commit && taken.get(change.commit.sha);
    const again = found && change.rollouts.some(({ at }) => at > found.at);
    return found && !again ? { ...change, takenBack: found } : change;
  });
}
