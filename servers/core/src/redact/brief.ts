/**
 * A text's beginning, for a message that is for a person to read. It is cut between words: half of a secret would not be
 * known for one where the message is redacted.
 */
export function briefly(text: string, most: number): string {
  if (text.length <= most) return text;
  // One character more than may stay shows whether the last word ends there.
  const whole = text.slice(0, most + 1).replace(/(?<!\S)\S+$/, "");
  return `${whole.trimEnd()}...`;
}
