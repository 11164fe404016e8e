import { ConfigError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";

/** Bits that a token must be worth: what 16 random bytes hold. */
const MIN_BITS = 128;
/** Fewer different characters than this are no random token, however long it is. */
const MIN_DISTINCT = 8;

/** The alphabets that a token may be drawn from, each with how many characters it has. */
const ALPHABETS: readonly (readonly [characters: RegExp, size: number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[^A-Za-z\d]/, 10],
];

/** At most so many bits can be in a text of these characters. What its words are worth to a guesser, nobody can tell from it. */
export function mostBits(text: string): number {
  if (new Set(text).size < MIN_DISTINCT) return 0;
  const size = /^[0-9a-f]+$|^[0-9A-F]+$/.test(text)
    ? 16
    : ALPHABETS.reduce((sum, [characters, count]) => (characters.test(text) ? sum + count : sum), 0);
  return text.length * Math.log2(size);
}

/** Refuses a token that could be guessed. */
export function checkToken(variable: string, token: Secret): void {
  if (mostBits(token.reveal()) >= MIN_BITS) return;
  throw new ConfigError(
    `${variable} could be guessed: a token holds at least ${MIN_BITS} random bits; \`openssl rand -hex 32\` makes one`,
  );
}
