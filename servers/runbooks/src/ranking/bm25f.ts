/** A page's words by field. */
export type Fields<Name extends string> = Readonly<Record<Name, readonly string[]>>;

/** What a word counts in a field, and how far a long field makes each of its words count less: 0 not at all, 1 fully. */
export interface FieldWeight {
  readonly weight: number;
  readonly length: number;
}

/** How soon a word that is repeated adds nothing more. */
const SATURATION = 1.2;

export interface Bm25f {
  /** How much a word tells: its inverse document frequency, non-negative; the most for a word of no document. */
  rarity(term: string): number;
  /** Whether any document has it. */
  has(term: string): boolean;
  /** By place of document: the score as a share, 0 to 1, of what a document full of these terms would score. */
  shares(terms: ReadonlyMap<string, number>): Map<number, number>;
}

/**
 * BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields", CIKM 2004): a word's
 * occurrences are weighed by field and added up before they saturate, so that a title's word counts more and yet no
 * word counts twice.
 */
export function bm25f<Name extends string>(
  documents: readonly Fields<Name>[],
  weights: Readonly<Record<Name, FieldWeight>>,
): Bm25f {
  const names = Object.keys(weights) as Name[];
  const usual = new Map(names.map((name) => [name, mean(documents.map((fields) => fields[name].length))]));
  const postings = new Map<string, Map<number, number>>();
  for (const [place, fields] of documents.entries()) {
    for (const name of names) {
      const { weight, length } = weights[name];
      const long = 1 - length + (length * fields[name].length) / (usual.get(name) || 1);
      for (const term of fields[name]) {
        const found = postings.get(term) ?? new Map<number, number>();
        postings.set(term, found.set(place, (found.get(place) ?? 0) + weight / long));
      }
    }
  }
  const rarity = (term: string): number => {
    const having = postings.get(term)?.size ?? 0;
    return Math.log(1 + (documents.length - having + 0.5) / (having + 0.5));
  };
  return {
    rarity,
    has: (term) => postings.has(term),
    shares: (terms) => {
      const ideal = [...terms].reduce((sum, [term, weight]) => sum + weight * rarity(term), 0);
      const shares = new Map<number, number>();
      for (const [term, weight] of terms) {
        const share = (weight * rarity(term)) / ideal;
        for (const [place, times] of postings.get(term) ?? []) {
          shares.set(place, (shares.get(place) ?? 0) + (share * times) / (times + SATURATION));
        }
      }
      return shares;
    },
  };
}

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
