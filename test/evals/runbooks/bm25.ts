import MiniSearch from "minisearch";
import { headingsOf, type RankablePage } from "../../../servers/runbooks/src/ranking/page-index.ts";

/** The usual parameters of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009); d 0: no BM25+. */
const PARAMETERS = { k: 1.2, b: 0.75, d: 0 };

/** Lower-case words, identifiers in camel case split into theirs and kept whole. Neither stop words nor stemming. */
function plainWords(text: string): string[] {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).flatMap((word) => {
    const parts = word.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u);
    return [...new Set([word, ...parts])].map((part) => part.toLowerCase());
  });
}

/** The bar: plain BM25 over the whole text of each page. It offers whatever shares a word, so it never says that there is none. */
export function bm25Search(pages: readonly RankablePage[]): (text: string) => string[] {
  const search = new MiniSearch<{ id: string; text: string }>({
    fields: ["text"],
    tokenize: plainWords,
    processTerm: (term) => term,
    searchOptions: { bm25: PARAMETERS },
  });
  search.addAll(
    pages.map(({ id, title, labels, parsed }) => ({
      id,
      text: [title, ...labels, ...headingsOf(parsed.root), parsed.text].join("\n"),
    })),
  );
  return (text) => search.search(text).map(({ id }) => String(id));
}
