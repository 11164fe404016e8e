/** Where one clause of a sentence ends and the next begins. */
const BETWEEN = /\s*[;()–—]\s*|,\s+/u;

/**
 * A sentence without the clauses that hold these figures; undefined when its main clause, which comes first, is one of them. So a
 * figure that fails costs what was said with it, and not the rest.
 */
export function withoutClauses(sentence: string, figures: readonly string[]): string | undefined {
  const clauses = sentence.split(BETWEEN).filter((clause) => clause.trim() !== "");
  const [main, ...others] = clauses;
  const holds = (clause: string) => !figures.some((figure) => clause.includes(figure));
  if (main === undefined || !holds(main)) return undefined;
  const kept = [main, ...others.filter(holds)].join(", ").trim();
  return /[.!?]$/.test(kept) ? kept : `${kept}.`;
}
