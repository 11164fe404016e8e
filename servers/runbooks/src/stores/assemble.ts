import type { Deployment, Library, Page } from "../store.ts";

/** A page as it was read, or why it was not, or both when something about it is odd. */
export interface Read {
  readonly page?: Page;
  readonly gap?: string;
}

export interface Parts {
  readonly read: readonly Read[];
  readonly deployments: readonly Deployment[] | undefined;
  readonly gaps?: readonly string[];
  readonly whole?: boolean;
  readonly goneTarget: Library["goneTarget"];
}

/**
 * Makes libraries of what is read, without the pages that were updated after `now()`: they are only counted. Gives the one before
 * again as long as it would hold the same, since parsing and indexing are done once a library.
 */
export function assembler(now: () => number, moment = "this moment"): (parts: Parts) => Library {
  let before: Library | undefined;
  return ({ read, deployments, gaps = [], whole = true, goneTarget }) => {
    const present = now();
    const all = read.flatMap(({ page }) => page ?? []);
    const pages = all.filter(({ updatedAt }) => updatedAt === null || updatedAt <= present);
    const later = all.length - pages.length;
    const said = [
      ...read.flatMap(({ gap }) => gap ?? []),
      ...(later > 0 ? [`runbook pages updated after ${moment} are left out: ${later}`] : []),
      ...gaps,
    ];
    const next: Library = { pages, whole, deployments, gaps: said, goneTarget };
    if (before && holdsTheSame(before, next)) return before;
    before = next;
    return next;
  };
}

function holdsTheSame(a: Library, b: Library): boolean {
  const same = (one: readonly unknown[], other: readonly unknown[]) =>
    one.length === other.length && one.every((item, index) => item === other[index]);
  return a.whole === b.whole && a.deployments === b.deployments && same(a.pages, b.pages) && same(a.gaps, b.gaps);
}
