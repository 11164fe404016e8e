import { KeywordIndex } from "./keyword-index.ts";
import type { KeywordRule } from "./public-rules/rules.ts";
import type { Rule, Span } from "./rule.ts";

/**
 * Many rules as one, in order. The text is read once for all of their keywords, and a rule is run only on what is around its own:
 * nearly every text then costs that one reading.
 */
export function nearKeywords(rules: readonly KeywordRule[]): Rule {
  // Made at the first text: it takes tens of milliseconds, and many a process starts and is asked nothing.
  let index: KeywordIndex | undefined;
  return (text) => {
    index ??= new KeywordIndex(rules.map(({ keywords }) => keywords));
    const found = index.find(text);
    if (found.size === 0) return [];
    return [...found].sort(([a], [b]) => a - b).flatMap(([i, ends]) => (rules[i] ? spansOf(rules[i], text, ends) : []));
  };
}

function spansOf({ rule, around }: KeywordRule, text: string, ends: readonly number[] | undefined): Span[] {
  if (!around || !ends) return [...rule(text)];
  return windows(ends, around, text.length).flatMap(([from, to]) =>
    [...rule(text.slice(from, to))].map(({ start, end, kind }) => ({ start: start + from, end: end + from, kind })),
  );
}

/** Joined where they overlap, so that no character is looked at twice by one rule. */
function windows(ends: readonly number[], [before, after]: readonly [number, number], length: number) {
  const joined: [number, number][] = [];
  for (const end of ends) {
    const [from, to] = [Math.max(0, end - before), Math.min(length, end + after)];
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}
