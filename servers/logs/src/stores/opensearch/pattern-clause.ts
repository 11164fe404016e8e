import { traceMarks } from "../../patterns/signature.ts";
import { all, any, type Clause, exists, none } from "./clauses.ts";
import type { MessageMapping } from "./mapping.ts";
import { wholeText } from "./whole-text.ts";
import { byItsWords } from "./words.ts";

/** A pattern as a question that the index can answer. */
export interface PatternClause {
  readonly clause: Clause;
  /** Equal for patterns that the index cannot tell apart. */
  readonly key: string;
  /** How much of a message it pins down: where two clauses fit a line, the line belongs to the heavier one. */
  readonly weight: number;
  /** Whether the clause may find this message: never false when it does, as far as can be told here. */
  finds(message: string): boolean;
}

/** Keyword fields hold whole messages up to a length that counts as no limit. */
const NO_LIMIT = 32_000;

/**
 * The clause of a pattern that was mined from the messages given; undefined when the index has nothing to find it by.
 *
 * Where the message is indexed as it is, the clause is the whole text with its values left open. Where it is indexed by words,
 * it is the pattern's words in their order, each run of them unbroken, whatever stands between; without the order where the
 * index does not know it. Where the first holds only
 * messages of some length, the second finds the longer ones.
 */
export function patternClause(
  template: string,
  messages: readonly string[],
  mapping: MessageMapping,
): PatternClause | undefined {
  const { words, whole, parts } = mapping;
  const marks = messages[0] === undefined ? [] : traceMarks(messages[0]);
  const isOneLine = messages.every((message) => !message.includes("\n"));
  const isCut = messages.some((message) => (message.indexOf("\n") + 1 || message.length + 1) > 1_024);
  const byWords = words === undefined ? undefined : byItsWords(words, template, marks);
  const exact = whole?.field ?? (words === undefined ? parts : undefined);
  if (exact === undefined) return byWords;
  const asWhole = wholeText(exact, template, { marks, isOneLine, isCut });
  if (whole === undefined || whole.most > NO_LIMIT || byWords === undefined) return asWhole;
  return {
    clause: any(asWhole.clause, all(none(exists(whole.field)), byWords.clause)),
    key: `${asWhole.key}\n${byWords.key}`,
    weight: asWhole.weight,
    finds: (message) => (message.length <= whole.most ? asWhole : byWords).finds(message),
  };
}
