import type { Catalog } from "@oncall-copilot/core";
import type { Repository } from "../store.ts";
import { owns, servicePaths } from "./service-paths.ts";

/** Whose a repository's files are, by the whole catalog. */
export interface Ownership {
  /** Names of those in the catalog whose own file it is; nobody's is shared. */
  ownersOf(path: string): readonly string[];
  /** Whether a service may read it: its own, or nobody's. */
  mayRead(service: string, path: string): boolean;
}

/** Only those count who live in the repository: what another owns in its own is not its own here. */
export function ownershipIn(catalog: Catalog, repository: Repository): Ownership {
  const everyone = catalog
    .entries()
    .filter((entry) => repository.holds?.(entry) ?? true)
    .map((entry) => ({ name: entry.name, paths: servicePaths(entry, repository.branch) }));
  const known = new Map<string, readonly string[]>();
  const ownersOf = (path: string) => {
    const owners = known.get(path) ?? everyone.filter(({ paths }) => owns(paths, path)).map(({ name }) => name);
    known.set(path, owners);
    return owners;
  };
  return {
    ownersOf,
    mayRead: (service, path) => {
      const owners = ownersOf(path);
      return owners.length === 0 || owners.includes(service);
    },
  };
}
