/** The part of an event that is shown, and what is left out of it in words; empty when nothing is. */
export interface Excerpt {
  readonly text: string;
  readonly note: string;
}

/** The event's beginning in at most so many characters: whole lines where there are several. */
export function excerpt(event: string, mostChars: number): Excerpt {
  if (event.length <= mostChars) return { text: event, note: "" };
  const lines = event.split("\n");
  let shown = 0;
  let length = -1;
  for (const line of lines) {
    if (length + 1 + line.length > mostChars) break;
    length += 1 + line.length;
    shown++;
  }
  if (shown > 0) {
    return { text: lines.slice(0, shown).join("\n"), note: `first ${shown} of ${lines.length} lines` };
  }
  // Not between the halves of a surrogate pair.
  const last = event.charCodeAt(mostChars - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? mostChars - 1 : mostChars;
  return { text: event.slice(0, end), note: `first ${end} of ${event.length} characters` };
}
