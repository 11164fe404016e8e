import { type Catalog, type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import { ownershipIn } from "../paths/ownership.ts";
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
  const homes = new Map<string, { repository: Repository; head: string; services: CatalogEntry[] }>();
  const blind = new Map<string, string[]>();
  const { store, signal } = options;
  const places = wanted.flatMap((entry) => [
    { entry, open: () => store.repository(entry, signal) },
    { entry, open: async () => store.deployRepository?.(entry, signal) },
  ]);
  for (const { entry, open } of places) {
    try {
      const repository = await open();
      if (!repository) continue;
      const known = homes.get(repository.id);
      const home = known ?? { repository, head: await repository.head(options.now, options.signal), services: [] };
      home.services.push(entry);
      homes.set(repository.id, home);
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error;
      blind.set(error.message, [...(blind.get(error.message) ?? []), entry.name]);
    }
  }
  gaps.push(...[...blind].map(([why, names]) => `commits of ${names.join(", ")}: ${why}`));
  return [...homes.values()].map((home) => ({
    ...home,
    ...ownership(options.catalog, home.repository, home.services),
  }));
}

function ownership(catalog: Catalog, repository: Repository, services: readonly CatalogEntry[]) {
  const { ownersOf } = ownershipIn(catalog, repository);
  const wanted = new Set(services.map(({ name }) => name));
  const touched = (commit: Commit) => {
    const names = new Set(commit.files.flatMap(({ path }) => ownersOf(path)));
    return services.map(({ name }) => name).filter((name) => names.has(name));
  };
  const concerns = ({ files }: Commit) =>
    files.some(({ path }) => {
      const names = ownersOf(path);
      return names.length === 0 || names.some((name) => wanted.has(name));
    });
  return { touched, concerns };
}
