import type MiniSearch from "minisearch";
import type { OutlineNode, ParsedPage } from "../pages/outline.ts";
import { joined, wordsAndPairs, wordsOf } from "./words.ts";

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
  /** Of everything on it, with each two that follow one another. */
  readonly words: ReadonlySet<string>;
  /** Labels in lower case. */
  readonly labels: ReadonlySet<string>;
}

interface Document {
  readonly id: number;
  readonly title: string;
  readonly labels: string;
  readonly headings: string;
  readonly body: string;
}

/** Pages ready to be searched, with how rare each word is among them. */
export class PageIndex {
  readonly pages: readonly IndexedPage[];
  readonly #search: MiniSearch<Document>;
  readonly #documentsWith = new Map<string, number>();

  private constructor(pages: readonly IndexedPage[], search: MiniSearch<Document>) {
    this.pages = pages;
    this.#search = search;
    for (const page of pages) {
      for (const word of page.words) this.#documentsWith.set(word, (this.#documentsWith.get(word) ?? 0) + 1);
    }
  }

  /** Builds the index. Loads the search library on first use. */
  static async build(pages: readonly RankablePage[]): Promise<PageIndex> {
    const { default: MiniSearch } = await import("minisearch");
    const search = new MiniSearch<Document>({
      fields: ["title", "labels", "headings", "body"],
      tokenize: wordsAndPairs,
      processTerm: (term) => term,
      searchOptions: { boost: { title: 3, headings: 2 } },
    });
    const documents = pages.map((page, id) => ({
      id,
      title: page.title,
      labels: page.labels.join("\n"),
      headings: headingsOf(page.parsed.root).join("\n"),
      body: page.parsed.text,
    }));
    search.addAll(documents);
    const indexed = documents.map((document, index) => indexPage(pages[index] as RankablePage, document));
    return new PageIndex(indexed, search);
  }

  /** BM25+ (Lv and Zhai, CIKM 2011) of each page that has any of the words, by the page's place in {@link pages}. */
  scores(text: string): Map<number, number> {
    return new Map(this.#search.search(text).map((result) => [result.id as number, result.score]));
  }

  /** How much a word tells: its inverse document frequency, non-negative; the most for a word on no page. */
  rarity(word: string): number {
    const having = this.#documentsWith.get(word) ?? 0;
    return Math.log(1 + (this.pages.length - having + 0.5) / (having + 0.5));
  }

  /** The share of the asked words' rarity that the given words cover, 0 to 1; 0 when nothing is asked. */
  coverage(asked: readonly string[], having: ReadonlySet<string>): number {
    let all = 0;
    let covered = 0;
    for (const word of new Set(asked)) {
      const weight = this.rarity(word);
      all += weight;
      if (having.has(word)) covered += weight;
    }
    return all === 0 ? 0 : covered / all;
  }
}

function indexPage(page: RankablePage, document: Document): IndexedPage {
  const titleWords = new Set([...wordsOf(document.title), joined(document.title)]);
  const topicWords = new Set([...titleWords, ...wordsOf(document.headings), ...wordsOf(document.labels)]);
  return {
    page,
    titleWords,
    topicWords,
    words: new Set([...topicWords, ...wordsAndPairs(document.title), ...wordsAndPairs(document.body)]),
    labels: new Set(page.labels.map((label) => label.toLowerCase())),
  };
}

export function headingsOf(node: OutlineNode): string[] {
  return [node.title, ...node.children.flatMap(headingsOf)];
}
