import type { IndexedPage, PageIndex, RankablePage } from "./page-index.ts";
import { joined, nameWords, partsOf, wordsOf } from "./words.ts";

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

/** Share of an alert name's rarity that a page's title, headings and labels must cover to be about the same thing. */
const SAME_TOPIC = 0.8;
/** Share of the symptom's rarity that a page must cover, when there is no alert name to go by. */
const SAME_WORDS = 0.4;
/** The same where the page is labelled with the service as well. */
const SAME_WORDS_OWN_SERVICE = 0.3;
/** The same when there is an alert name, and the page does not have it. */
const SAME_WORDS_UNNAMED = 0.6;

/** Titles of pages that are about a service as a whole: its name and such words as these. */
const GENERAL = new Set(
  "runbook playbook guide service overview operation operating on-call oncall on call handbook manual general readme index troubleshooting".split(
    " ",
  ),
);

/** Ranks every page that has anything to do with the question, best first. */
export function rankPages(index: PageIndex, question: RunbookQuestion): RankedPage[] {
  const { alert, query } = question;
  const byName = alert === undefined ? new Map<number, number>() : normalized(index.scores(alert));
  const byWords = query === undefined ? new Map<number, number>() : normalized(index.scores(query));
  const ranked = index.pages.flatMap((indexed, place): RankedPage[] => {
    const relation = relationTo(indexed, question);
    const words = (byName.get(place) ?? 0) + (byWords.get(place) ?? 0) * (alert === undefined ? 1 : 0.5);
    const base = words + (relation === "own" || relation === "general" ? 0.1 : 0);
    if (base === 0) return [];
    const score = base * NAMED_BOOST[namedIn(indexed, alert)] * RELATION_BOOST[relation];
    return [{ page: indexed.page, score, fit: fitOf(index, indexed, question, relation) }];
  });
  const fits = ranked.filter((page) => page.fit !== undefined);
  const top = Math.max(...ranked.map((page) => page.score));
  return [...fits.sort(byScore), ...ranked.filter((page) => page.fit === undefined).sort(byScore)].map((page) => ({
    ...page,
    score: page.score / top,
  }));
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

/** Whose a page is: wholly the service's; labelled with it; with something like it; another service's; nobody's. */
type Relation = "general" | "own" | "akin" | "other" | "none";
const RELATION_BOOST: Readonly<Record<Relation, number>> = { general: 1.3, own: 1.3, akin: 1.1, other: 0.6, none: 1 };

function relationTo(indexed: IndexedPage, { service, otherServices }: RunbookQuestion): Relation {
  const name = service.toLowerCase();
  const own = indexed.labels.has(name);
  const parts = wordsOf(service);
  if ((own || indexed.titleWords.has(joined(service))) && isGeneral(indexed.page.title, parts)) return "general";
  if (own || indexed.titleWords.has(joined(service))) return "own";
  if ([...indexed.labels].some((label) => otherServices?.has(label))) return "other";
  const labelWords = new Set([...indexed.labels].flatMap((label) => partsOf(label).map((part) => part.toLowerCase())));
  return parts.some((part) => labelWords.has(part)) ? "akin" : "none";
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
  if (
    alert !== undefined &&
    relation !== "other" &&
    index.coverage(nameWords(alert), indexed.topicWords) >= SAME_TOPIC
  ) {
    return "same_topic";
  }
  if (relation === "general") return "service";
  if (alert === undefined && query === undefined) return relation === "own" ? "service" : undefined;
  if (query === undefined) return undefined;
  const own = new Set(wordsOf(service));
  const asked = wordsOf(query).filter((word) => !own.has(word));
  const covered = index.coverage(asked, indexed.words);
  if (alert !== undefined) return relation === "own" && covered >= SAME_WORDS_UNNAMED ? "words" : undefined;
  return covered >= (relation === "own" ? SAME_WORDS_OWN_SERVICE : SAME_WORDS) ? "words" : undefined;
}
