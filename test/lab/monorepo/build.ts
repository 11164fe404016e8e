import { readdir } from "node:fs/promises";
import path from "node:path";
import { SHOP_TEMPLATE } from "../paths.ts";
import type { Random } from "../random.ts";
import { SERVICES } from "../topology.ts";
import { type Change, undoEdits } from "./edit.ts";
import { PAST_COMMITS, type PastCommit } from "./past-commits.ts";
import { additions, copyTree, createRepository, type Repository } from "./repository.ts";
import { touchedServices } from "./touched.ts";

const HOUR = 3_600_000;
const FIRST_PULL_REQUEST = 331;

/** A roll-out that happened: which revision of a service went live, when, by whom. */
export interface Deployment {
  readonly service: string;
  readonly revision: string;
  readonly at: Date;
  readonly by: string;
}

export const DEPLOYER = "argocd-application-controller";

/** A commit of the past as it was made. */
export interface MadeCommit {
  readonly message: string;
  readonly revision: string;
  readonly at: Date;
}

export interface Monorepo {
  readonly repository: Repository;
  readonly deployments: Deployment[];
  readonly past: readonly MadeCommit[];
}

/**
 * Makes the monorepo with its whole past, as it stands when the recording begins, and the deployments of that past. `more`
 * are commits that lead away from the template.
 */
export async function buildMonorepo(
  directory: string,
  begins: Date,
  random: Random,
  more: readonly PastCommit[] = [],
): Promise<Monorepo> {
  const origin = path.join(directory, "origin");
  await copyTree(SHOP_TEMPLATE, origin);
  for (const commit of PAST_COMMITS.toReversed()) await undoEdits(origin, commit.edits);

  const repository = await createRepository(directory, FIRST_PULL_REQUEST, random);
  const deployments: Deployment[] = [];
  const made: MadeCommit[] = [];
  const commit = async (change: Change, at: Date): Promise<void> => {
    const revision = await repository.commit(change, at);
    made.push({ message: change.message, revision, at });
    for (const service of await touchedServices(
      repository.clone,
      change.edits.map((edit) => edit.path),
    )) {
      deployments.push({
        service,
        revision,
        at: new Date(at.getTime() + random.integer(70, 260) * 1000),
        by: DEPLOYER,
      });
    }
  };

  const start = begins.getTime() - 58 * 24 * HOUR;
  for (const [index, change] of (await beginnings(origin)).entries()) {
    await commit(change, new Date(start + index * 17 * HOUR + random.integer(0, 180) * 60_000));
  }
  for (const past of [...PAST_COMMITS, ...more].sort((a, b) => b.hoursAgo - a.hoursAgo)) {
    const wobble = Math.min(past.hoursAgo * 0.02, 2) * random.between(-1, 1);
    await commit(past, new Date(begins.getTime() - (past.hoursAgo + wobble) * HOUR));
  }
  await repository.push();
  deployments.sort((a, b) => a.at.getTime() - b.at.getTime());
  return { repository, deployments, past: made };
}

/** The first commits: what all share, then one service after the other. */
async function beginnings(origin: string): Promise<Change[]> {
  const files = (await readdir(origin, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(origin, path.join(entry.parentPath, entry.name)))
    .sort();
  const owned = (service: string) => (file: string) =>
    file.startsWith(`services/${service}/`) || file === `deploy/${service}.yaml`;
  const common = files.filter((file) => !SERVICES.some((service) => owned(service)(file)));
  const authors = [
    "goran",
    "ada",
    "bruno",
    "bruno",
    "hana",
    "ines",
    "chidi",
    "farah",
    "dana",
    "chidi",
    "hana",
    "dana",
    "emre",
  ] as const;
  const changes: Change[] = [
    { author: "goran", message: "Move the shop into one repository", edits: await additions(origin, common) },
  ];
  for (const [index, service] of SERVICES.entries()) {
    changes.push({
      author: authors[index + 1] ?? "goran",
      message: `${service}: move in`,
      edits: await additions(origin, files.filter(owned(service))),
    });
  }
  return changes;
}
