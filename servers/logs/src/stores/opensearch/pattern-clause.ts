import { traceMarks } from "../../patterns/signature.ts";
import type { PatternClause } from "./finding.ts";
import type { MessageMapping } from "./mapping.ts";
import { wholeText } from "./whole-text.ts";
import { byItsWords } from "./words.ts";

/** Keyword fields hold whole messages up to a length that counts as no limit. */
const NO_LIMIT = 32_000;

/**
 * The clause of a pattern that was mined from the messages given; undefined when the index has nothing to find it by.
 *
 * Where the message is indexed by words, it is the pattern's words in their order, each run of them unbroken, whatever stands
 * between: that costs the index what the lines in question cost, however large it is. Where it is indexed as it is, the clause is
 * the whole text with its values left open, which looks at every different text of the index.
 */
export function patternClause(
  template: string,
  messages: readonly string[],
  mapping: MessageMapping,
): PatternClause | undefined {
  const { words } = mapping;
  const marks = messages[0] === undefined ? [] : traceMarks(messages[0]);
  const way = countedBy(mapping);
  if (way !== "text") return words && byItsWords(words, template, marks);
  const isOneLine = messages.every((message) => !message.includes("\n"));
  const isCut = messages.some((message) => (message.indexOf("\n") + 1 || message.length + 1) > 1_024);
  return wholeText(mapping.whole?.field ?? mapping.parts ?? "", template, { marks, isOneLine, isCut });
}

/** What of a message patterns are counted by: its words, those in whatever order, or all of its text. */
export function countedBy({ words, whole, parts }: MessageMapping): "words" | "text" | "loose words" {
  if (words?.ordered) return "words";
  // A keyword that leaves long messages out would lose them.
  if (whole !== undefined && (whole.most > NO_LIMIT || words === undefined)) return "text";
  if (words !== undefined) return "loose words";
  return parts === undefined ? "loose words" : "text";
}
