import { type Fit, fitsOf } from "./fit.ts";
import type { IndexedPage, PageIndex, RankablePage } from "./page-index.ts";
import type { Named, RunbookQuestion, Scored } from "./question.ts";
import { type Relation, relationTo } from "./relation.ts";
import { joined } from "./words.ts";

export interface RankedPage {
  readonly page: RankablePage;
  /** Above 0, at most 1, and not relative to the best: where nothing fits well, it is low. */
  readonly score: number;
  /** Undefined when the page does not fit and is only the nearest there is. */
  readonly fit: Fit | undefined;
}

/**
 * What speaks for a page before its words do, each as a chance of its own. An alert's name outweighs any words but does
 * not silence them: of two pages that have the name, the symptom's words decide.
 */
const BY_NAME: Readonly<Record<Named, number>> = { title: 0.9, topic: 0.8, text: 0.6, nowhere: 0 };
/** A page that mentions an alert which has a page of its own is about another alert. */
const MENTIONED = 0.2;
/** A service's label says little by itself, and much of two pages that have the alert's name. */
const BY_SERVICE: Readonly<Record<Relation, { readonly named: number; readonly unnamed: number }>> = {
  general: { named: 0.5, unnamed: 0.15 },
  own: { named: 0.5, unnamed: 0.1 },
  other: { named: 0, unnamed: 0 },
  none: { named: 0, unnamed: 0 },
};
/** What is left of the score of a page about another service. */
const ANOTHER_SERVICES = 0.6;

/** Ranks every page that has anything to do with the question: those that fit first, then the nearest, best first. */
export function rankPages(index: PageIndex, question: RunbookQuestion): RankedPage[] {
  const { alert, query } = question;
  const shares = index.shares(index.asked([alert ?? "", query ?? ""].join("\n")));
  const related = index.pages.map((indexed) => ({
    indexed,
    relation: relationTo(indexed, question),
    named: namedIn(indexed, alert),
  }));
  const hasItsOwn = related.some(({ named }) => named === "title" || named === "topic");
  const scored = related.flatMap((page, place): Scored[] => {
    const { named, relation } = page;
    const share = shares.get(place) ?? 0;
    const byName = named === "text" && hasItsOwn ? MENTIONED : BY_NAME[named];
    const byService = BY_SERVICE[relation][named === "nowhere" ? "unnamed" : "named"];
    const against = (1 - byName) * (1 - byService) * (1 - share);
    const score = (1 - against) * (relation === "other" ? ANOTHER_SERVICES : 1);
    return score === 0 ? [] : [{ ...page, share, score }];
  });
  const fits = fitsOf(index, question, scored);
  const ranked = scored.map((page): RankedPage => ({ page: page.indexed.page, score: page.score, fit: fits(page) }));
  const fitting = ranked.filter((page) => page.fit !== undefined).sort(byScore);
  return [...fitting, ...ranked.filter((page) => page.fit === undefined).sort(byScore)];
}

const byScore = (a: RankedPage, b: RankedPage) => b.score - a.score || a.page.id.localeCompare(b.page.id);

function namedIn(indexed: IndexedPage, alert: string | undefined): Named {
  if (alert === undefined) return "nowhere";
  const name = joined(alert);
  if (indexed.titleWords.has(name)) return "title";
  if (indexed.topicWords.has(name)) return "topic";
  return indexed.words.has(name) ? "text" : "nowhere";
}
