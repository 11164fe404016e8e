/**
 * Epoch milliseconds of a time as senders write it: RFC 3339; CloudWatch's `2023-04-18T22:17:00.000+0000`, without the colon; and
 * Go's own `2026-03-01 10:00:00.123 +0000 UTC`, which a template prints that says `{{ .StartsAt }}`. NaN when it is none of them.
 */
export function epochOf(text: string): number {
  const plain = text
    .trim()
    .replace(/:\s+/g, ":")
    .replace(/ [A-Z]{2,5}(?: m=[+-][\d.]+)?$/, "")
    .replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:)/, "$1T$2")
    .replace(/\s+([+-]\d{2}:?\d{2})$/, "$1")
    .replace(/([+-]\d{2})(\d{2})$/, "$1:$2");
  // Without a zone JavaScript would take its own.
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/i.test(plain) ? Date.parse(plain) : Number.NaN;
}

/** Go's zero time stands for "not yet" in `endsAt`. */
export const isZeroTime = (text: string): boolean => text.startsWith("0001-01-01");
