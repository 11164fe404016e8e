import { type Applied, apartFrom, apply, merge } from "./apply.ts";
import { nearKeywords } from "./near-keywords.ts";
import { ownRules } from "./own-rules.ts";
import { publicRules } from "./public-rules/rules.ts";
import { all, type Rule } from "./rule.ts";
import { cardNumber } from "./rules/card-number.ts";
import { email } from "./rules/email.ts";
import { iban } from "./rules/iban.ts";
import { kindOfMember } from "./rules/pairs.ts";
import { namedPhoneNumber, phoneNumber } from "./rules/phone-number.ts";
import { shapes } from "./rules/shapes.ts";
import { socialSecurity } from "./rules/social-security.ts";

export interface Redacted {
  readonly text: string;
  /** How many of each kind were hidden, such as `{ "password": 2 }`. Empty when nothing was. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** A replacement can bring another rule's match to light; more rounds than this have never been needed. */
const MAX_ROUNDS = 8;

/** Where two rules find the same stretch, the first names it: those that know a format before those that know a key. */
const STRONG = all([nearKeywords([...ownRules, ...publicRules]), shapes]);
/** Fewer digits than this are no person's number, however they are grouped. */
const DIGITS = /\d(?:[ ()./\u00a0\u2010-\u2015-]{0,3}\d){6}/;
const personal = all([cardNumber, socialSecurity, phoneNumber]);
const numbers: Rule = (text) => (DIGITS.test(text) ? personal(text) : []);
/** These also match inside what the others hide, such as the `password@host` of a URL, and then yield. */
const WEAK = all([nearKeywords([{ keywords: ["@", "%40"], rule: email }, namedPhoneNumber]), iban, numbers]);

/**
 * Replaces secrets and personal data by `[redacted:<kind>]`. Lines stay lines, and what is redacted already stays as it
 * is. It takes time linear in the text's length.
 */
export async function redact(text: string): Promise<Redacted> {
  const { text: clean, kinds } = rounds(text);
  return { text: clean, kinds: count(kinds) };
}

/**
 * Redacts every string in a plain JSON value, also by the name of the key it stands under: `{ "password": "…" }`. Keys
 * and everything else are left alone, and the value given is not changed.
 */
export async function redactDeep<T>(value: T): Promise<{ readonly value: T; readonly kinds: Redacted["kinds"] }> {
  const kinds: string[] = [];
  const walk = (part: unknown, key = ""): unknown => {
    if (typeof part === "string") {
      const kind = kindOfMember(key, part);
      if (kind) kinds.push(kind);
      const redacted = kind ? { text: `[redacted:${kind}]`, kinds: [] } : rounds(part);
      kinds.push(...redacted.kinds);
      return redacted.text;
    }
    if (Array.isArray(part)) return part.map((child) => walk(child, key));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([name, child]) => [name, walk(child, name)]));
  };
  return { value: walk(value) as T, kinds: count(kinds) };
}

/** Until nothing is found, so that redacting the result again changes nothing. */
function rounds(text: string): Applied {
  let now = text;
  const kinds: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const strong = merge([...STRONG(now)]);
    const applied = apply(now, merge([...strong, ...apartFrom(strong, [...WEAK(now)])]));
    if (applied.kinds.length === 0) break;
    now = applied.text;
    kinds.push(...applied.kinds);
  }
  return { text: now, kinds };
}

function count(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
