import { type Catalog, type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import { owns, type ServicePaths, servicePaths } from "../paths/service-paths.ts";
import type { Commit, Repository, Store } from "../store.ts";

/** A repository with those of the wanted services that live in it. */
export interface Home {
  readonly repository: Repository;
  readonly head: string;
  readonly services: readonly CatalogEntry[];
  /** Names of the wanted services whose own files a commit touches. */
  touched(commit: Commit): readonly string[];
  /** Whether a commit touches wanted services, or files that no service in the catalog owns. */
  concerns(commit: Commit): boolean;
}

/** Groups services by the repository they live in. A service without one becomes a gap. */
export async function findHomes(
  options: { store: Store; catalog: Catalog; now: number; signal: AbortSignal },
  wanted: readonly CatalogEntry[],
  gaps: string[],
): Promise<Home[]> {
  const homes = new Map<string, { repository: Repository; services: CatalogEntry[] }>();
  const blind = new Map<string, string[]>();
  for (const entry of wanted) {
    try {
      const repository = await options.store.repository(entry, options.signal);
      const home = homes.get(repository.id) ?? { repository, services: [] };
      home.services.push(entry);
      homes.set(repository.id, home);
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error;
      blind.set(error.message, [...(blind.get(error.message) ?? []), entry.name]);
    }
  }
  gaps.push(...[...blind].map(([why, names]) => `commits of ${names.join(", ")}: ${why}`));
  return Promise.all(
    [...homes.values()].map(async ({ repository, services }) => {
      const head = await repository.head(options.now, options.signal);
      return { repository, head, services, ...ownership(options.catalog, repository, services) };
    }),
  );
}

function ownership(catalog: Catalog, repository: Repository, services: readonly CatalogEntry[]) {
  const pathsOf = (entry: CatalogEntry) => ({ name: entry.name, paths: servicePaths(entry, repository.branch) });
  const mine = services.map(pathsOf);
  const everyone = catalog.entries().map(pathsOf);
  const touches = (commit: Commit, paths: ServicePaths) => commit.files.some(({ path }) => owns(paths, path));
  const touched = (commit: Commit) => mine.filter(({ paths }) => touches(commit, paths)).map(({ name }) => name);
  const unowned = (commit: Commit) => commit.files.some(({ path }) => !everyone.some(({ paths }) => owns(paths, path)));
  return { touched, concerns: (commit: Commit) => touched(commit).length > 0 || unowned(commit) };
}
