import { readFileSync } from "node:fs";

/**
 * A text with secrets in it, all made up. Numbers in double braces stand for them, and each is stored in parts, so that
 * no scanner takes the corpus for a leak.
 */
export interface Positive {
  readonly kind: string;
  readonly text: string;
  readonly secrets: readonly string[];
  /** What must still be there afterwards. */
  readonly keep: readonly string[];
  /** Written after the rules, to see what they miss. */
  readonly hard: boolean;
}

interface Stored {
  readonly kind: string;
  readonly text: string;
  readonly secrets: readonly (readonly string[])[];
  readonly keep?: readonly string[];
  readonly hard?: boolean;
}

export const positives: readonly Positive[] = lines<Stored>("positives").map((stored) => {
  const secrets = stored.secrets.map((parts) => parts.join(""));
  return {
    kind: stored.kind,
    text: stored.text.replaceAll("{{-}}", "-----").replace(/\{\{(\d+)\}\}/g, (_, i) => secrets[Number(i)] ?? ""),
    secrets,
    keep: stored.keep ?? [],
    hard: stored.hard ?? false,
  };
});

export const negatives: readonly string[] = lines<{ text: string }>("negatives").map(({ text }) => text);

/** Whether a secret can be read in a text, whole or by half. */
export function isReadable(secret: string, text: string): boolean {
  const half = Math.floor(secret.length / 2);
  return (
    text.includes(secret) || (half >= 6 && (text.includes(secret.slice(0, half)) || text.includes(secret.slice(half))))
  );
}

function lines<T>(name: string): T[] {
  const text = readFileSync(new URL(`./corpus/${name}.ndjson`, import.meta.url), "utf8");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as T]));
}
