import type { Catalog } from "@oncall-copilot/core";
import type { Repository } from "../store.ts";
import { owns, pathsIn, sharedPaths } from "./service-paths.ts";

/** Whose a repository's files are, by the whole catalog. */
export interface Ownership {
  /** Names of those in the catalog whose own file it is; nobody's is shared. */
  ownersOf(path: string): readonly string[];
  /** Names of those whose fixes may change it though it is shared: `oncall/shared-paths`. */
  sharersOf(path: string): readonly string[];
  /** Whether a service may read it: its own, or nobody's. */
  mayRead(service: string, path: string): boolean;
  /** Whether a fix for a service may change it: its own, or nobody's and declared. Never another's own. */
  mayChange(service: string, path: string): boolean;
}

/** Only those count who live in the repository: what another owns in its own is not its own here. */
export function ownershipIn(catalog: Catalog, repository: Repository): Ownership {
  const everyone = catalog
    .entries()
    .filter((entry) => repository.holds?.(entry) ?? true)
    .map((entry) => ({ name: entry.name, paths: pathsIn(entry, repository), shared: sharedPaths(entry) }));
  const known = new Map<string, readonly string[]>();
  const ownersOf = (path: string) => {
    const owners = known.get(path) ?? everyone.filter(({ paths }) => owns(paths, path)).map(({ name }) => name);
    known.set(path, owners);
    return owners;
  };
  const sharersOf = (path: string) =>
    everyone.filter(({ shared }) => owns({ globs: shared }, path)).map(({ name }) => name);
  const isOwn = (service: string, path: string) => ownersOf(path).includes(service);
  const isShared = (path: string) => ownersOf(path).length === 0;
  return {
    ownersOf,
    sharersOf,
    mayRead: (service, path) => isOwn(service, path) || isShared(path),
    mayChange: (service, path) => isOwn(service, path) || (isShared(path) && sharersOf(path).includes(service)),
  };
}
