import type { IndexedPage } from "./page-index.ts";
import type { Relation } from "./relation.ts";

export interface RunbookQuestion {
  /** Catalog name of the service, and whatever else it goes by. */
  readonly service: string;
  readonly alert?: string | undefined;
  /** The symptom in words. */
  readonly query?: string | undefined;
  /** Other services of the catalog: a page labelled with one of these and not with ours is about another service. */
  readonly otherServices?: ReadonlySet<string> | undefined;
}

/** Where a page has the alert's name, written as one identifier. */
export type Named = "title" | "topic" | "text" | "nowhere";

/** A page that has anything to do with the question. */
export interface Scored {
  readonly indexed: IndexedPage;
  readonly relation: Relation;
  readonly named: Named;
  /** How well its words fit those of the alert's name and the symptom together, 0 to 1. */
  readonly share: number;
  readonly score: number;
}
