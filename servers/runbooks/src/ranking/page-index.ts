import type { OutlineNode, ParsedPage } from "../pages/outline.ts";
import { type Bm25f, bm25f } from "./bm25f.ts";
import { askedTerms, joined, singularWords, wordsAndPairs, wordsOf } from "./words.ts";

/** A page as it is ranked: nothing here depends on where pages are kept. */
export interface RankablePage {
  /** Unique. */
  readonly id: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly parsed: ParsedPage;
}

/** A page with the word sets that questions are held against. */
export interface IndexedPage {
  readonly page: RankablePage;
  readonly titleWords: ReadonlySet<string>;
  /** Of the title, the headings and the labels: what the page says it is about. */
  readonly topicWords: ReadonlySet<string>;
  /** Of the title and of each heading, and of the labels, singular and otherwise as they are written. */
  readonly topics: readonly ReadonlySet<string>[];
  readonly labelled: ReadonlySet<string>;
  /** Of the title, the labels and how its text begins: where a page says what it is for. */
  readonly openingWords: ReadonlySet<string>;
  /** Of everything on it, with each two that follow one another. */
  readonly words: ReadonlySet<string>;
  /** Labels in lower case. */
  readonly labels: ReadonlySet<string>;
}

/** Words that a page's beginning has: a heading and a paragraph or two. */
const OPENING = 60;

/** A heading says more than a sentence, and a title more than a heading. Only a text's length tells against its words. */
const FIELDS = {
  title: { weight: 3, length: 0.3 },
  headings: { weight: 2, length: 0.3 },
  labels: { weight: 1, length: 0 },
  body: { weight: 1, length: 0.75 },
} as const;

/** Pages ready to be searched, with how rare each word is among them. */
export class PageIndex {
  readonly pages: readonly IndexedPage[];
  readonly #search: Bm25f;

  constructor(pages: readonly RankablePage[]) {
    const fields = pages.map(fieldsOf);
    this.pages = pages.map((page, place) => indexPage(page, fields[place] ?? fieldsOf(page)));
    this.#search = bm25f(fields, FIELDS);
  }

  /** What a text asks for, with weights. */
  asked(text: string): ReadonlyMap<string, number> {
    return askedTerms(text, this.#search.has);
  }

  /** How well each page that has any of the terms fits them, 0 to 1, by its place in {@link pages}. */
  shares(terms: ReadonlyMap<string, number>): Map<number, number> {
    return this.#search.shares(terms);
  }

  /**
   * The share of the asked terms' rarity that the given words cover, 0 to 1; 0 when nothing is asked. Words that are not
   * stemmed are as rare as their stems.
   */
  coverage(asked: Iterable<string>, having: ReadonlySet<string>, stemmed = (word: string) => word): number {
    let all = 0;
    let covered = 0;
    for (const word of new Set(asked)) {
      const weight = this.#search.rarity(stemmed(word));
      all += weight;
      if (having.has(word)) covered += weight;
    }
    return all === 0 ? 0 : covered / all;
  }
}

function fieldsOf({ title, labels, parsed }: RankablePage) {
  return {
    title: wordsAndPairs(title),
    headings: wordsAndPairs(headingsOf(parsed.root).slice(1).join("\n")),
    labels: wordsAndPairs(labels.join("\n")),
    body: wordsAndPairs(parsed.text),
  };
}

function indexPage(page: RankablePage, fields: ReturnType<typeof fieldsOf>): IndexedPage {
  const { title, labels, parsed } = page;
  const titleWords = new Set([...wordsOf(title), joined(title)]);
  const labelled = wordsOf(labels.join("\n"));
  const topicWords = new Set([...titleWords, ...wordsOf(headingsOf(parsed.root).join("\n")), ...labelled]);
  return {
    page,
    titleWords,
    topicWords,
    topics: headingsOf(parsed.root).map((heading) => new Set(singularWords(heading))),
    labelled: new Set(singularWords(labels.join("\n"))),
    openingWords: new Set([...titleWords, ...labelled, ...wordsOf(beginning(parsed.text))]),
    words: new Set([...topicWords, ...fields.title, ...fields.body]),
    labels: new Set(labels.map((label) => label.toLowerCase())),
  };
}

/** A text up to its {@link OPENING}th word of those that tell. */
function beginning(text: string): string {
  let left = OPENING;
  for (const { 0: token, index } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    left -= wordsOf(token).length > 0 ? 1 : 0;
    if (left === 0) return text.slice(0, index + token.length);
  }
  return text;
}

export function headingsOf(node: OutlineNode): string[] {
  return [node.title, ...node.children.flatMap(headingsOf)];
}
