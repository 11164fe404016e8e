/**
 * A text's beginning of whole words. It is cut between words, since half of a secret would not be known for one where the text is
 * redacted: a word that is longer than all that may stay is left out altogether.
 */
export function wholeWords(text: string, most: number): string {
  if (text.length <= most) return text;
  // One character more than may stay shows whether the last word ends there.
  return text
    .slice(0, most + 1)
    .replace(/(?<!\S)\S+$/, "")
    .trimEnd();
}

/** The same for a message that is for a person to read: it shows that something was cut. */
export function briefly(text: string, most: number): string {
  const kept = wholeWords(text, most);
  return kept === text ? text : `${kept}...`;
}
