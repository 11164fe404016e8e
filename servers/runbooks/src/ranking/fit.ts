import type { PageIndex } from "./page-index.ts";
import type { RunbookQuestion, Scored } from "./question.ts";
import { stem } from "./stem.ts";
import { singular, singularWords, topicOf, wordsOf } from "./words.ts";

/**
 * Why a page fits: it names the alert; its title and headings say what the alert's name says; it has the symptom's words;
 * or it is about the service as a whole, and does not speak of what was asked.
 */
export type Fit = "names_alert" | "same_topic" | "service" | "words";

/**
 * Shares of the rarity of what is asked that a page must cover to fit, measured on public alerts with and without a page:
 * an alert's topic by the title, headings and labels, and a symptom's words and pairs of words by the whole page.
 */
const MIN_COVERED = {
  topic: { own: 0.75, any: 0.9 },
  /** By a page of the service's own; where the alert has a name that the page does not have, it must say much more. */
  words: { unnamed: 0.15, named: 0.4 },
} as const;
/**
 * The share of a title's or heading's own words that the alert's name must have: a page about failing backups has the
 * words of an alert about failures, and is about more.
 */
const MIN_SAID = 0.5;
/** A label on more pages than this says what they are about, but not which of them it is. */
const FEW_PAGES = 5;
/** Where no page is about the service as a whole, so many that are labelled with it stand for one. */
const STAND_FOR_GENERAL = 2;

/** What must speak for the best page, of at most 2.2, before any page counts as having the symptom's words. */
const MIN_EVIDENCE = 0.78;
/** How much it counts that the best page stands out, and how far it may. */
const STANDING_OUT = { weight: 0.25, most: 2 } as const;
/** With the best page, those fit that are not much worse. */
const NEAR_THE_BEST = 0.3;

/** Tells of each of the scored pages whether and why it fits. */
export function fitsOf(
  index: PageIndex,
  question: RunbookQuestion,
  scored: readonly Scored[],
): (page: Scored) => Fit | undefined {
  const { alert, query, service } = question;
  const own = new Set(wordsOf(service));
  const topic = alert === undefined ? [] : topicOf(alert, service).map(singular);
  const said = new Set(singularWords(`${alert ?? ""} ${service}`));
  const terms = query === undefined ? new Map<string, number>() : index.asked(query);
  const symptom = [...terms.keys()].filter((term) => !own.has(term));
  const owned = scored.filter(isOwn);
  const few = owned.length <= FEW_PAGES;
  const noGeneral = owned.length <= STAND_FOR_GENERAL && owned.every(({ relation }) => relation === "own");
  const least = alert === undefined ? MIN_COVERED.words.unnamed : MIN_COVERED.words.named;
  const best = alert === undefined && query !== undefined ? spokenOf(index, terms, own, scored) : undefined;

  const hasWords = (page: Scored): boolean => {
    if (best !== undefined && page.score >= best * NEAR_THE_BEST) return true;
    const whose = page.relation === "general" || (few && page.relation === "own");
    return whose && index.coverage(symptom, page.indexed.words) >= least;
  };
  const isOnTopic = (page: Scored): boolean => {
    const { topics, labelled } = page.indexed;
    const having = new Set([...labelled, ...topics.flatMap((words) => [...words])]);
    return (
      index.coverage(topic, having, stem) >= MIN_COVERED.topic[isOwn(page) ? "own" : "any"] &&
      topics.some((words) => index.coverage(words, said, stem) >= MIN_SAID)
    );
  };
  return (page) => {
    if (page.named !== "nowhere") return "names_alert";
    if (page.relation === "other" && alert !== undefined) return undefined;
    if (isOnTopic(page)) return "same_topic";
    if (query !== undefined && hasWords(page)) return "words";
    const nothingElse = alert === undefined && query === undefined;
    const anyOfTheirs = nothingElse || noGeneral;
    return page.relation === "general" || (anyOfTheirs && page.relation === "own") ? "service" : undefined;
  };
}

const isOwn = ({ relation }: Scored): boolean => relation === "own" || relation === "general";

/**
 * The best page's score, if some page speaks of the terms; undefined when none does. Any text shares words with some
 * page, so it is asked how far the best page begins with them, how much of them it has, and whether it stands out from
 * what the others have: not from the next, since two pages may be about the same.
 */
function spokenOf(
  index: PageIndex,
  terms: ReadonlyMap<string, number>,
  own: ReadonlySet<string>,
  scored: readonly Scored[],
): number | undefined {
  const [best, , third] = [...scored].sort((a, b) => b.score - a.score);
  if (best === undefined) return undefined;
  const words = [...terms].flatMap(([term, weight]) => (weight === 1 && !own.has(term) ? [term] : []));
  const ahead = third === undefined ? STANDING_OUT.most : Math.min(best.share / third.share, STANDING_OUT.most);
  const evidence =
    index.coverage(words, best.indexed.openingWords) + best.share + STANDING_OUT.weight * Math.log(ahead);
  return evidence >= MIN_EVIDENCE ? best.score : undefined;
}
