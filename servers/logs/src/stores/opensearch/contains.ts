import { BadRequest } from "@oncall-copilot/core";
import { all, any, type Clause, exists, none } from "./clauses.ts";
import type { MessageMapping } from "./mapping.ts";

/** A search for a text, and how it differs from the substring that was asked for; undefined when it does not. */
export interface Contains {
  readonly clause: Clause;
  readonly differs: string | undefined;
}

const escapeWildcard = (text: string) => text.replace(/[\\*?]/g, "\\$&");
const substring = (field: string, text: string): Clause => ({
  wildcard: { [field]: { value: `*${escapeWildcard(text)}*`, case_insensitive: true } },
});

/** The words of a text, in its order and next to each other. The only syntax that is on is the phrase. */
const phrase = (field: string, text: string): Clause => ({
  simple_query_string: {
    ...{ query: `"${text.replaceAll('"', " ")}"`, fields: [field] },
    ...{ flags: "PHRASE", default_operator: "and", analyze_wildcard: false },
  },
});

/**
 * `contains` as a filter: a case-insensitive substring wherever the index can do that truthfully (a wildcard or keyword
 * field), else the words of it, which is said.
 */
export function containing(text: string, { words, whole, parts }: MessageMapping): Contains {
  if (parts !== undefined) return { clause: substring(parts, text), differs: undefined };
  const asWords = words !== undefined && /[\p{L}\p{N}]/u.test(text) ? phrase(words.field, text) : undefined;
  if (whole !== undefined) {
    const clause = substring(whole.field, text);
    // Lucene's longest term is longer than what is kept of an event.
    if (whole.most > 32_000 || words === undefined) return { clause, differs: undefined };
    const long = `messages of more than ${whole.most} characters were searched`;
    if (asWords === undefined) return { clause, differs: `no ${long}: ${whole.field} does not hold them` };
    return {
      clause: any(clause, all(none(exists(whole.field)), asWords)),
      differs: `${long} for the whole words of contains, not for a part of a word: ${whole.field} does not hold them`,
    };
  }
  if (words === undefined || asWords === undefined) {
    const what = `a log as large as this can only be searched for words here, and ${JSON.stringify(text)} has none`;
    throw new BadRequest(what, { tryNext: ["contains with a word in it", "a shorter window"] });
  }
  return {
    clause: asWords,
    differs: `contains was searched as whole words in this order, not as part of a word: ${words.field} is indexed by words only`,
  };
}
