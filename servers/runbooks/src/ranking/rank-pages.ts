import type { IndexedPage, PageIndex, RankablePage } from "./page-index.ts";
import { joined, topicOf, wordsAndPairs, wordsOf } from "./words.ts";

export interface RunbookQuestion {
  /** Catalog name of the service, and whatever else it goes by. */
  readonly service: string;
  readonly alert?: string | undefined;
  /** The symptom in words. */
  readonly query?: string | undefined;
  /** Other services of the catalog: a page labelled with one of these and not with ours is about another service. */
  readonly otherServices?: ReadonlySet<string> | undefined;
}

/**
 * Why a page fits: it names the alert; its title and headings say what the alert's name says; it is about the service
 * as a whole; or it has the symptom's words.
 */
export type Fit = "names_alert" | "same_topic" | "service" | "words";

export interface RankedPage {
  readonly page: RankablePage;
  /** Above 0; the best page of an answer has 1. */
  readonly score: number;
  /** Undefined when the page does not fit and is only the nearest there is. */
  readonly fit: Fit | undefined;
}

/**
 * Shares of the rarity of what is asked that a page must cover to fit, measured on public alerts with and without a page:
 * an alert's topic by the title, headings and labels, and a symptom's words and pairs of words by the whole page. A page
 * that is labelled with the service needs less of either.
 */
const LEAST_COVERED = {
  topic: { own: 0.75, any: 0.9 },
  words: { own: 0.15, any: 0.2 },
} as const;
/** When the alert has a name and the page does not have it, its symptom's words must say much more. */
const LEAST_COVERED_UNNAMED = 0.4;
/** A page fits by its words only if it is about as good as the best. */
const NEAR_THE_BEST = 0.5;

/** Titles of pages that are about a service as a whole: its name and such words as these. */
const GENERAL = new Set(
  "runbook playbook guide service overview operation operating on-call oncall on call handbook manual general readme index troubleshooting".split(
    " ",
  ),
);

/** Ranks every page that has anything to do with the question: those that fit first, then the nearest, best first. */
export function rankPages(index: PageIndex, question: RunbookQuestion): RankedPage[] {
  const { alert, query } = question;
  const byName = alert === undefined ? new Map<number, number>() : normalized(index.scores(alert));
  const byWords = query === undefined ? new Map<number, number>() : normalized(index.scores(query));
  const scored = index.pages.flatMap((indexed, place) => {
    const relation = relationTo(indexed, question);
    const words = (byName.get(place) ?? 0) + (byWords.get(place) ?? 0) * (alert === undefined ? 1 : 0.5);
    const base = words + (relation === "own" || relation === "general" ? 0.1 : 0);
    const score = base * NAMED_BOOST[namedIn(indexed, alert)] * RELATION_BOOST[relation];
    return score === 0 ? [] : [{ indexed, relation, score }];
  });
  const best = Math.max(...scored.map(({ score }) => score));
  const ranked = scored.map(({ indexed, relation, score }): RankedPage => {
    const fit = fitOf(index, indexed, question, relation);
    const far = fit === "words" && score < best * NEAR_THE_BEST;
    return { page: indexed.page, score: score / best, fit: far ? undefined : fit };
  });
  const fitting = ranked.filter((page) => page.fit !== undefined).sort(byScore);
  return [...fitting, ...ranked.filter((page) => page.fit === undefined).sort(byScore)];
}

const byScore = (a: RankedPage, b: RankedPage) => b.score - a.score || a.page.id.localeCompare(b.page.id);

function normalized(scores: Map<number, number>): Map<number, number> {
  const top = Math.max(...scores.values());
  return new Map([...scores].map(([place, score]) => [place, score / top]));
}

type Named = "title" | "topic" | "text" | "nowhere";
const NAMED_BOOST: Readonly<Record<Named, number>> = { title: 3, topic: 2, text: 1.3, nowhere: 1 };

/** Where a page has the alert's name, written as one identifier. */
function namedIn(indexed: IndexedPage, alert: string | undefined): Named {
  if (alert === undefined) return "nowhere";
  const name = joined(alert);
  if (indexed.titleWords.has(name)) return "title";
  if (indexed.topicWords.has(name)) return "topic";
  return indexed.words.has(name) ? "text" : "nowhere";
}

/** Whose a page is: wholly the service's; labelled with it; another service's; nobody's. */
type Relation = "general" | "own" | "other" | "none";
const RELATION_BOOST: Readonly<Record<Relation, number>> = { general: 1.6, own: 1.3, other: 0.6, none: 1 };

function relationTo(indexed: IndexedPage, { service, otherServices }: RunbookQuestion): Relation {
  const name = service.toLowerCase();
  const own = indexed.labels.has(name);
  const parts = wordsOf(service);
  if ((own || indexed.titleWords.has(joined(service))) && isGeneral(indexed.page.title, parts)) return "general";
  if (own || indexed.titleWords.has(joined(service))) return "own";
  if ([...indexed.labels].some((label) => otherServices?.has(label))) return "other";
  return "none";
}

function isGeneral(title: string, serviceWords: readonly string[]): boolean {
  const own = new Set(serviceWords);
  return wordsOf(title).every((word) => own.has(word) || GENERAL.has(word));
}

function fitOf(
  index: PageIndex,
  indexed: IndexedPage,
  { alert, query, service }: RunbookQuestion,
  relation: Relation,
): Fit | undefined {
  if (namedIn(indexed, alert) !== "nowhere") return "names_alert";
  if (relation === "other" && alert !== undefined) return undefined;
  const whose = relation === "own" || relation === "general" ? "own" : "any";
  if (
    alert !== undefined &&
    index.coverage(topicOf(alert, service), indexed.topicWords) >= LEAST_COVERED.topic[whose]
  ) {
    return "same_topic";
  }
  if (relation === "general") return "service";
  if (query === undefined) return alert === undefined && relation === "own" ? "service" : undefined;
  const own = new Set(wordsOf(service));
  const asked = wordsAndPairs(query).filter((word) => !own.has(word));
  const covered = index.coverage(asked, indexed.words);
  const least = alert === undefined ? LEAST_COVERED.words[whose] : LEAST_COVERED_UNNAMED;
  return covered >= least && (alert === undefined || whose === "own") ? "words" : undefined;
}
