import type { Ground } from "./figures.ts";

/** Characters of which words and figures are made. */
const WORD = /[\p{L}\p{N}_]/u;
const DIGIT = /\p{N}/u;
/** What parts a figure's digits, and belongs to it when digits stand on both sides: `1.5`, `10:02`, `1,842`. */
const JOINT = /[.,:]/;

/** Whether a cut before `at` goes through a token of the text: a word, a figure, or a figure and its per cent sign. */
function cuts(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const [before2, before, after, after2] = [-2, -1, 0, 1].map((offset) => text.charAt(at + offset));
  if (!before || !after) return false;
  if (/[\uDC00-\uDFFF]/.test(after) && /[\uD800-\uDBFF]/.test(before)) return true;
  if (WORD.test(before) && WORD.test(after)) return true;
  if (DIGIT.test(before) && (after === "%" || after === "×")) return true;
  if (DIGIT.test(before) && JOINT.test(after) && after2 !== undefined && DIGIT.test(after2)) return true;
  return JOINT.test(before) && DIGIT.test(after) && before2 !== undefined && DIGIT.test(before2);
}

/** More places than these are not looked at. */
const MAX_PLACES = 50;

/** Where a quote stands in a text with its ends at ends of tokens, or undefined when it does so nowhere. */
function placeOf(text: string, quote: string): number | undefined {
  let at = text.indexOf(quote);
  for (let place = 0; at >= 0 && place < MAX_PLACES; place++) {
    if (!cuts(text, at) && !cuts(text, at + quote.length)) return at;
    at = text.indexOf(quote, at + 1);
  }
  return undefined;
}

/** Whether a quote begins and ends where a token of the text does, so that `69051` cannot be cut out of a commit's hash. */
export const isWhole = (text: string, quote: string): boolean => placeOf(text, quote) !== undefined;

/** Most characters before a quote in its line that are looked at for a name, and after it for a unit. */
const MAX_AROUND = 200;

/** A quote with its surroundings in the line: the name before it says what its figures measure, the word after it their unit. */
export function groundOf(text: string, quote: string): Ground {
  const at = placeOf(text, quote) ?? text.indexOf(quote);
  if (at < 0) return { before: "", quote, after: "" };
  const end = at + quote.length;
  const start = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - MAX_AROUND);
  const newline = text.indexOf("\n", end);
  const stop = Math.min(newline < 0 ? text.length : newline, end + MAX_AROUND);
  return { before: at === 0 ? "" : text.slice(start, at), quote, after: text.slice(end, stop) };
}
