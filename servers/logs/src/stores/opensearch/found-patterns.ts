import { createMiner } from "../../patterns/miner.ts";
import { type Clause, none } from "./clauses.ts";
import type { PatternClause } from "./finding.ts";
import type { MessageMapping } from "./mapping.ts";
import { patternClause } from "./pattern-clause.ts";

/** A pattern that was found in a sample and can be counted by the index. */
export interface FoundPattern extends PatternClause {
  readonly template: string;
  /** Some of its messages. */
  readonly messages: readonly string[];
}

/** Most patterns of one level that are counted: each costs the index a clause. */
const MAX_PATTERNS = 200;
/** Messages of one pattern that are looked at. */
const MAX_MESSAGES = 12;

/** Mines a sample, and finds each pattern a clause. What the index cannot tell apart is one; the heaviest come first. */
export function findPatterns(sample: Iterable<string>, mapping: MessageMapping): FoundPattern[] {
  const miner = createMiner();
  const byId = new Map<number, string[]>();
  for (const message of sample) {
    const id = miner.add(message);
    byId.set(id, [...(byId.get(id) ?? []), message]);
  }
  const found = new Map<string, FoundPattern & { readonly seen: number }>();
  for (const { template, ids } of miner.templates()) {
    const messages = ids.flatMap((id) => byId.get(id) ?? []);
    const some = messages.slice(0, MAX_MESSAGES);
    const clause = patternClause(template, messages, mapping);
    if (clause === undefined) continue;
    const other = found.get(clause.key);
    const seen = messages.length + (other?.seen ?? 0);
    if (other === undefined) found.set(clause.key, { ...clause, template, messages: some, seen });
    else found.set(clause.key, { ...other, messages: [...other.messages, ...some].slice(0, MAX_MESSAGES), seen });
  }
  return [...found.values()]
    .sort((a, b) => b.seen - a.seen)
    .slice(0, MAX_PATTERNS)
    .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
}

/** Each pattern's lines less those of heavier patterns that it would find too, so that no line counts twice. */
export function apart(patterns: readonly FoundPattern[]): Clause[] {
  return patterns.map((pattern, index) => {
    const heavier = patterns
      .slice(0, index)
      .filter(({ messages }) => messages.some((message) => pattern.finds(message)));
    if (heavier.length === 0) return pattern.clause;
    return { bool: { filter: [pattern.clause], must_not: heavier.map(({ clause }) => clause) } };
  });
}

/** The lines that no pattern finds. */
export const rest = (patterns: readonly FoundPattern[]): Clause[] =>
  patterns.length === 0 ? [] : [none(...patterns.map(({ clause }) => clause))];
