/** A stretch of text to hide, as UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Kebab-case, shown to readers as `[redacted:<kind>]`. */
  readonly kind: string;
}

/** Finds what it knows in a text. Must take time linear in the text's length. */
export type Rule = (text: string) => Iterable<Span>;

/** All matches of a global expression. Unlike `matchAll` it makes no copy of the expression, which costs more than a search. */
export function matches(text: string, expression: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    found.push(match);
    if (match[0] === "") expression.lastIndex++;
  }
  return found;
}

/**
 * A rule from one expression (flags `d` and `g`). What is hidden is the group named `secret`, else the whole match.
 * `accept` has the last word, for checks that no expression can make, such as a checksum.
 */
export function pattern(kind: string, expression: RegExp, accept: (secret: string) => boolean = () => true): Rule {
  return function* (text) {
    for (const match of matches(text, expression)) {
      const [start, end] = match.indices?.groups?.secret ?? match.indices?.[0] ?? [0, 0];
      if (accept(text.slice(start, end))) yield { start, end, kind };
    }
  };
}

/** Several rules as one, in order. */
export function all(rules: readonly Rule[]): Rule {
  return function* (text) {
    for (const rule of rules) yield* rule(text);
  };
}
