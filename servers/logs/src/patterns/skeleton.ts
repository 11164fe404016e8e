import { WILDCARD } from "./mask.ts";

/** A masked line taken apart: its words, and what stands between them. */
export interface Skeleton {
  /** The line with `SLOT` for every word: lines that can be one pattern have the same. */
  readonly frame: string;
  readonly words: readonly string[];
}

/** Stands for a word; no line holds it, since masking turns control characters into blanks. */
export const SLOT = "\u0001";

const TOKENS = /[^\s()[\]{}<>"',;=|`:@#]+|<\*>|[\s\S]/g;
/** What is never a value: marks, blanks, and how an HTTP request failed. */
const FIXED = /^(?:[\s()[\]{}<>"',;=|`:@#]|[45]xx)$/;
/** Values in a row, whatever stands between them. */
const VALUES = /<\*>(?:[ ,;/|]{1,3}<\*>)+/g;
/** Longest stretch of tokens that is looked for twice in a row. */
const LONGEST_PERIOD = 12;
/** Words beyond this are not told apart. */
const MAX_WORDS = 96;

export function skeletonOf(masked: string): Skeleton {
  const tokens = withoutRepeats(masked.replaceAll(VALUES, WILDCARD).match(TOKENS) ?? []);
  const words: string[] = [];
  let frame = "";
  for (const token of tokens) {
    if (FIXED.test(token)) frame += token;
    else if (words.length < MAX_WORDS) {
      words.push(token);
      frame += SLOT;
    }
  }
  return { frame, words };
}

/** The line that a skeleton's frame and words make. */
export function assemble(frame: string, words: readonly string[]): string {
  let next = 0;
  return frame.replaceAll(SLOT, () => words[next++] ?? WILDCARD);
}

/**
 * Lists of values have any length: `<*> <*> <*>` is one value as much as `<*>`, and so is `a=<*>, a=<*>, a=<*>, ` as
 * much as `a=<*>, `. So a stretch that holds a value and comes several times in a row is kept once.
 */
function withoutRepeats(tokens: readonly string[]): readonly string[] {
  let list = tokens;
  for (let period = 1; period <= LONGEST_PERIOD && period * 2 <= list.length; period++) list = onceEach(list, period);
  return list;
}

function onceEach(tokens: readonly string[], period: number): readonly string[] {
  const kept: string[] = [];
  let i = 0;
  while (i < tokens.length) {
    kept.push(tokens[i] ?? "");
    i++;
    if (kept.length < period) continue;
    while (i + period <= tokens.length && repeats(kept, tokens, i, period)) i += period;
  }
  return kept;
}

/** Whether the next `period` tokens are the last ones once more, with a value among them. */
function repeats(kept: readonly string[], tokens: readonly string[], at: number, period: number): boolean {
  const from = kept.length - period;
  let value = false;
  for (let k = 0; k < period; k++) {
    const token = tokens[at + k];
    if (token !== kept[from + k]) return false;
    if (token === WILDCARD) value = true;
  }
  return value;
}
