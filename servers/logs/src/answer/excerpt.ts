import { isErrorLine } from "../events/trace.ts";
import type { Sample } from "../store.ts";

/** The part of an event that is shown, and what is left out of it in words; empty when nothing is. */
export interface Excerpt {
  readonly text: string;
  readonly note: string;
}

/** What an event of several lines says at its end may take this share of the room. */
const MAX_END = 0.75;

/**
 * The event's beginning in at most so many characters: whole lines where there are several. A stack trace that says only at its end
 * what was thrown, as Python's do and a JVM's `Caused by:`, keeps that end as well, with the line where it was thrown.
 */
export function excerpt({ text, length }: Pick<Sample, "text" | "length">, maxChars: number): Excerpt {
  if (length <= maxChars) return { text, note: "" };
  const end = text.length === length ? endOf(text, maxChars * MAX_END) : undefined;
  const room = maxChars - (end === undefined ? 0 : end.length + LEFT_OUT.length + 2);
  const lineEnd = text.slice(0, room + 1).lastIndexOf("\n");
  if (lineEnd > 0) {
    const shown = text.slice(0, lineEnd);
    if (shown.length + (end?.length ?? 0) + 2 >= text.length) return { text, note: "" };
    const first = shown.split("\n").length;
    if (end !== undefined && lineEnd < text.lastIndexOf(end)) {
      return {
        text: [shown, LEFT_OUT, end].join("\n"),
        note: `its first ${first} and last ${end.split("\n").length} lines, ${length - shown.length - end.length} characters left out`,
      };
    }
    return { text: shown, note: `its first ${first} lines, ${length - lineEnd} characters left out` };
  }
  const cut = wholeCharacters(text, maxChars);
  return { text: text.slice(0, cut), note: `its first ${cut} of ${length} characters` };
}

/** The most that can be taken of a text without parting the halves of a surrogate pair. */
function wholeCharacters(text: string, most: number): number {
  const last = text.charCodeAt(most - 1);
  return Math.min(text.length, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

const LEFT_OUT = "[...]";
/** A frame before the error is its file and its source line. */
const FRAME_LINES = 2;

/** The lines at the end of a stack trace that say what was thrown and where, in at most so many characters; undefined where none do. */
function endOf(text: string, maxChars: number): string | undefined {
  const lines = text.split("\n");
  const at = lines.findLastIndex((line, index) => index > 0 && isErrorLine(line));
  const error = lines[at];
  if (error === undefined) return undefined;
  // What was thrown is told first, and what it was about after it.
  if (error.length > maxChars) return error.slice(0, wholeCharacters(error, Math.floor(maxChars)));
  const after = lines.slice(at + 1);
  // A JVM's frames stand below what they lead to, Python's above.
  const [from, to] = after.some((line) => /^\s+at /.test(line)) ? [at, at + 1] : [at - FRAME_LINES, at];
  const whole = lines.slice(Math.max(1, from), to + 1).join("\n");
  return whole.length <= maxChars ? whole : error;
}
