import type { CatalogEntry } from "@oncall-copilot/core";
import { OBJECT_ID } from "../git/object-id.ts";
import type { Repository, Sources } from "../store.ts";

export interface Wanted {
  /** Files or folders, without a slash at the end; the root is empty. */
  readonly paths: readonly string[];
  /** A commit that must be part of its history. */
  readonly revision?: string | undefined;
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * Which of a service's repositories is meant: the one with the commit that is named, else the first with all the paths: its own before
 * the one of its manifests. Its own where neither has them, so that the refusal speaks of that.
 */
export async function chooseRepository(store: Sources, entry: CatalogEntry, wanted: Wanted): Promise<Repository> {
  const { now, signal } = wanted;
  const own = await store.repository(entry, signal);
  const other = await store.deployRepository?.(entry, signal);
  if (!other) return own;
  for (const repository of [own, other]) {
    const head = await repository.head(now, signal);
    if (await hasAll(repository, head, wanted)) return repository;
  }
  return own;
}

async function hasAll(repository: Repository, head: string, { paths, revision, signal }: Wanted): Promise<boolean> {
  const id = revision?.trim().toLowerCase();
  if (id !== undefined && OBJECT_ID.test(id)) return (await repository.identify(id, head, signal)) !== undefined;
  const listed = (await repository.paths(head, signal)).items;
  return paths.every((path) => path === "" || listed.some((file) => file === path || file.startsWith(`${path}/`)));
}
