import { randomBytes } from "node:crypto";

/** Most characters of one tool result: about twice what the largest answer of our own tools has. */
export const MAX_CHARACTERS = 24_000;

/**
 * Puts text that strangers wrote between marks that they cannot forge: the nonce is drawn after the text was written.
 * What is too long is cut at a line's end, and the cut is said outside of the marks.
 */
export function fenceUntrusted(text: string, label: string, most: number = MAX_CHARACTERS): string {
  const nonce = randomBytes(9).toString("base64url");
  const shown = bound(text, most);
  const left = text.length - shown.length;
  const cut = left > 0 ? `\n[${left} more characters were left out; ask for less at a time to see them]` : "";
  return `${label}\n<untrusted ${nonce}>\n${shown}\n</untrusted ${nonce}>${cut}`;
}

function bound(text: string, most: number): string {
  if (text.length <= most) return text;
  const line = text.lastIndexOf("\n", most);
  if (line > most / 2) return text.slice(0, line);
  const inPair = (text.charCodeAt(most - 1) & 0xfc00) === 0xd800;
  return text.slice(0, inPair ? most - 1 : most);
}

/** A name or value from the model or a stranger, safe to show on one line: printable, one line, bounded. */
export function oneLine(text: string, most = 80): string {
  const plain = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, " ").trim();
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}
