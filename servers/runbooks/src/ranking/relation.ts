import type { IndexedPage } from "./page-index.ts";
import { joined, wordsOf } from "./words.ts";

/** Whose a page is: wholly the service's; labelled with it; another service's; nobody's. */
export type Relation = "general" | "own" | "other" | "none";

/** Titles of pages that are about a service as a whole: its name and such words as these. */
const GENERAL = new Set(
  wordsOf(
    "runbook playbook guide service overview operation operating on-call oncall call handbook manual general readme index troubleshooting",
  ),
);

interface Asked {
  readonly service: string;
  readonly otherServices?: ReadonlySet<string> | undefined;
}

export function relationTo(indexed: IndexedPage, { service, otherServices }: Asked): Relation {
  const own = indexed.labels.has(service.toLowerCase()) || indexed.titleWords.has(joined(service));
  if (own) return isGeneral(indexed.page.title, service) ? "general" : "own";
  return [...indexed.labels].some((label) => otherServices?.has(label)) ? "other" : "none";
}

function isGeneral(title: string, service: string): boolean {
  const own = new Set(wordsOf(service));
  return wordsOf(title).every((word) => own.has(word) || GENERAL.has(word));
}
