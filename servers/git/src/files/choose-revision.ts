import { BadRequest, type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import { commitsOfImages } from "../changes/image-commits.ts";
import type { Deployed, Rollout } from "../deployments.ts";
import { OBJECT_ID } from "../git/object-id.ts";
import type { Repository, Store } from "../store.ts";

export interface Chosen {
  readonly revision: string;
  readonly which: string;
  readonly gaps: readonly string[];
}

interface Where {
  readonly store: Store;
  readonly repository: Repository;
  readonly head: string;
  readonly entry: CatalogEntry;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** The revision asked for, else the one that the service runs, else what the branch is at; each as of now. */
export async function chooseRevision(wanted: string | undefined, where: Where): Promise<Chosen> {
  const { repository, head, signal } = where;
  if (wanted !== undefined) {
    const id = wanted.trim().toLowerCase();
    const commit = OBJECT_ID.test(id) ? await repository.commit(id, head, signal) : undefined;
    if (!commit) {
      throw new BadRequest(
        `revision is not a commit of ${repository.branch} of ${repository.name}: "${wanted.slice(0, 80)}"`,
        {
          tryNext: ["a commit id that read_changes gives", "no revision, for what is deployed"],
        },
      );
    }
    return { revision: commit.sha, which: "asked for", gaps: [] };
  }
  const { rollouts, gaps } = await deployedOf(where);
  // What comes from elsewhere is no revision of this repository.
  const live = rollouts.flatMap((rollout) => revisionsIn(repository, rollout)).findLast((id) => OBJECT_ID.test(id));
  const deployed = live === undefined ? undefined : await repository.identify(live, head, signal);
  if (deployed) return { revision: deployed, which: "deployed", gaps: [] };
  return { revision: head, which: `${repository.branch}, no deployment known`, gaps };
}

/** The ids by which a roll-out may be known here: its revision, or the commit that its images are named after. */
function revisionsIn({ fullName }: Repository, { origin, repository, revision, images }: Rollout): readonly string[] {
  if (origin === undefined) return [revision];
  if (repository === undefined) return [];
  return repository === fullName ? [revision] : commitsOfImages(images);
}

/** Without what is deployed the file can still be shown, as the branch has it. */
async function deployedOf({ store, entry, now, signal }: Where): Promise<Pick<Deployed, "rollouts" | "gaps">> {
  try {
    const told = await store.deployed({ services: [entry], since: now }, signal);
    return told ?? { rollouts: [], gaps: [] };
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return { rollouts: [], gaps: [`what is deployed: ${error.message}`] };
  }
}
