import { type Applied, apartFrom, apply, merge } from "./apply.ts";
import { loadPreset } from "./preset.ts";
import { all, type Rule } from "./rule.ts";
import { cardNumber } from "./rules/card-number.ts";
import { email } from "./rules/email.ts";
import { passwordHash } from "./rules/hashes.ts";
import { headers } from "./rules/headers.ts";
import { iban } from "./rules/iban.ts";
import { jwt } from "./rules/jwt.ts";
import { kubernetesSecret } from "./rules/kubernetes-secret.ts";
import { namedValues } from "./rules/named-values.ts";
import { kindOfMember, pairs } from "./rules/pairs.ts";
import { privateKey } from "./rules/private-key.ts";
import { urlCredentials } from "./rules/urls.ts";
import { vendorTokens } from "./rules/vendor-tokens.ts";

export interface Redacted {
  readonly text: string;
  /** How many of each kind were hidden, such as `{ "password": 2 }`. Empty when nothing was. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** A replacement can bring another rule's match to light; more rounds than this have never been needed. */
const MAX_ROUNDS = 8;

/** Where two rules find the same stretch, the first names it: those that know a format before those that know a key. */
const STRONG = (preset: Rule): Rule =>
  all([
    privateKey,
    vendorTokens,
    jwt,
    urlCredentials,
    preset,
    headers,
    pairs,
    namedValues,
    kubernetesSecret,
    passwordHash,
  ]);
/** These also match inside what the others hide, such as the `password@host` of a URL, and then yield. */
const WEAK = all([email, cardNumber, iban]);

let loading: Promise<Rule> | undefined;

/**
 * Replaces secrets and personal data by `[redacted:<kind>]`. Lines stay lines, and what is redacted already stays as it
 * is. It takes time linear in the text's length. It never fails open: if the rules cannot be loaded, it throws.
 */
export async function redact(text: string): Promise<Redacted> {
  return redactWith(await rules(), text);
}

/**
 * Redacts every string in a plain JSON value, also by the name of the key it stands under: `{ "password": "…" }`. Keys
 * and everything else are left alone, and the value given is not changed.
 */
export async function redactDeep<T>(value: T): Promise<{ readonly value: T; readonly kinds: Redacted["kinds"] }> {
  const rule = await rules();
  const kinds: string[] = [];
  const walk = (part: unknown, key = ""): unknown => {
    if (typeof part === "string") {
      const kind = kindOfMember(key, part);
      if (kind) kinds.push(kind);
      const redacted = kind ? { text: `[redacted:${kind}]`, kinds: [] } : rounds(rule, part);
      kinds.push(...redacted.kinds);
      return redacted.text;
    }
    if (Array.isArray(part)) return part.map((child) => walk(child, key));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([name, child]) => [name, walk(child, name)]));
  };
  return { value: walk(value) as T, kinds: count(kinds) };
}

function rules(): Promise<Rule> {
  loading ??= loadPreset().then(STRONG, (error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function redactWith(rule: Rule, text: string): Redacted {
  const { text: clean, kinds } = rounds(rule, text);
  return { text: clean, kinds: count(kinds) };
}

/** Until nothing is found, so that redacting the result again changes nothing. */
function rounds(rule: Rule, text: string): Applied {
  let now = text;
  const kinds: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const strong = merge([...rule(now)]);
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
