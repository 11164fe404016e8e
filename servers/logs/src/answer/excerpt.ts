import type { Sample } from "../store.ts";

/** The part of an event that is shown, and what is left out of it in words; empty when nothing is. */
export interface Excerpt {
  readonly text: string;
  readonly note: string;
}

/** The event's beginning in at most so many characters: whole lines where there are several. */
export function excerpt({ text, length }: Pick<Sample, "text" | "length">, maxChars: number): Excerpt {
  if (length <= maxChars) return { text, note: "" };
  const lineEnd = text.slice(0, maxChars + 1).lastIndexOf("\n");
  if (lineEnd > 0) {
    const shown = text.slice(0, lineEnd);
    return {
      text: shown,
      note: `its first ${shown.split("\n").length} lines, ${length - lineEnd} characters left out`,
    };
  }
  // Not between the halves of a surrogate pair.
  const last = text.charCodeAt(maxChars - 1);
  const end = Math.min(text.length, last >= 0xd800 && last <= 0xdbff ? maxChars - 1 : maxChars);
  return { text: text.slice(0, end), note: `its first ${end} of ${length} characters` };
}
