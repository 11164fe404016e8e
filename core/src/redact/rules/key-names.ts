/** What a key's name says about its value. */
export interface KeyName {
  readonly kind: string;
  /** Any value counts; a weak name (`token`, `secret`) also stands before things that are not secret. */
  readonly strong: boolean;
}

/** The end of a name whose value is a secret. A name goes on after it only by what {@link SUFFIX} allows. */
export const SECRET_WORD =
  "passwords?|passwd|passphrase|passwort|passcode|pwd|pw|psk|pgpass|sshpass|rediscli_auth|requirepass|masterauth|" +
  "secrets?|secret[-_]?id|credentials?|tokens?|jwt|[a-z]{2,16}[-_. ]?keys?(?:[-_.]base)?|" +
  "pass|otp|mfa[-_]?code|pin[-_]?code|cvv2?|cvc2?|ssn|session[-_]?id|sessid|j?sessionid|phpsessid|sid|" +
  "dockerconfigjson|_auth|pat";

/** What may follow the word in a name: `DB_PASSWORD_2`, `passwordValue`, `secret_b64`, `TOKEN_PROD`. */
export const SUFFIX =
  "(?:[-_.]?(?:value|plain|plaintext|text|raw|base64|b64|old|new|current|previous|prod|production|staging|stage|dev|test|v?\\d{1,3}))?";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What makes a key a secret one. Most keys are not: `partition_key`, `public_key`, `cacheKey`. */
const SECRET_KEYS = words(
  "routing api app application access account auth admin client consumer deploy encryption encrypt cipher crypto hmac integration license " +
    "licence master oauth private registry secret service shared sharedaccess signing signature ssh storage subscription webhook write aes rsa jwt",
);
/** Of those, the ones that also name plain identifiers. */
const WEAK_KEYS = words(
  "app application account admin client service integration write access auth shared license licence storage registry deploy subscription routing",
);
/** A weak word is strong in company: `JWT_SECRET`, `client_secret`, `access_token`. */
const COMPANY = words(
  "api app access auth bearer bot client consumer csrf xsrf deploy device hmac id jwt oauth oauth2 personal refresh root security service session shared signing slack " +
    "github gitlab stripe totp user vault verification webhook aws azure gcp admin login reset invite encryption cookie db database npm sentry datadog dd job private",
);
/** Names of a thing that holds a secret, or that end the same way by chance. */
const POINTERS = words(
  "existing pull tls image external sealed k8s kube kubernetes next page continuation continue pagination sync cancel cancellation stop start prompt completion " +
    "input output total cached cache max min num unexpected syntax idempotency no without missing invalid expired bypass fail by com lock eos bos pad class",
);
/** Short words need an edge before them: `compass`, `upsid` and `bypass` end in them too. */
const SHORT = /^(?:pass|pat|otp|sid|ssn|pwd|pw|psk|jwt|_auth|cvv2?|cvc2?)$/i;

/** Judges a key's whole name (`spring.datasource.password`), of which `word` is the secret end. */
export function judgeName(name: string, word: string): KeyName | undefined {
  const before = name.slice(0, name.length - word.length);
  const parts = partsOf(name);
  const last = parts.at(-1) ?? "";
  const previous = parts.at(-2) ?? "";
  if (SHORT.test(word) && /[A-Za-z]$/.test(before) && !(/[a-z]$/.test(before) && /^[A-Z]/.test(word))) return undefined;
  if (/aws/i.test(name) && /secret/i.test(name)) return { kind: "aws-secret-key", strong: true };
  if (/keys?$|^base$/.test(last)) return judgeKey(parts);
  if (POINTERS.has(previous)) return undefined;
  if (/pass|pwd|pw$|psk|masterauth|rediscli/i.test(word))
    return { kind: "password", strong: !/^pass$/i.test(name) || name === "PASS" };
  if (/sess|sid$/i.test(word)) return { kind: "session-id", strong: /sess/i.test(word) };
  const strong = COMPANY.has(previous) || (/^[A-Z0-9_]+_$/.test(before) && /^[A-Z]+$/.test(word));
  // Many tokens are a budget.
  if (/tokens$/i.test(word)) return { kind: "token", strong: false };
  if (/token$|jwt$|pat$/i.test(word)) return { kind: "token", strong };
  return { kind: "secret", strong: strong && /secrets?$/i.test(word) };
}

function judgeKey(parts: readonly string[]): KeyName | undefined {
  const i = parts.findLastIndex((part) => /keys?$/.test(part));
  const joined = /^(?<what>[a-z]+?)keys?$/.exec(parts[i] ?? "")?.groups?.what;
  const what = joined ?? parts[i - 1] ?? "";
  if (!SECRET_KEYS.has(what)) return undefined;
  const strong = !WEAK_KEYS.has(what) || parts.includes("secret") || parts.includes("private");
  return { kind: what === "ssh" || what === "private" ? "private-key" : "api-key", strong };
}

/** `dbPassword_old` is `db`, `password`, `old`. */
const partsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[-_. ]+/);
