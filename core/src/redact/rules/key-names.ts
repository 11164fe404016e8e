import { matches } from "../rule.ts";

/** What a key's name says about its value. */
export interface KeyName {
  readonly kind: string;
  /** Any value counts; a weak name (`token`, `secret`) also stands before things that are not secret. */
  readonly strong: boolean;
  /** The name goes on after the secret word, so that a number is hardly a secret. */
  readonly goesOn?: boolean;
  /** The name says little: only a value that can be nothing but drawn at random counts. */
  readonly drawn?: boolean;
}

/** The end of a name whose value is a secret. A name goes on after it only by what {@link SUFFIX} allows. */
export const SECRET_WORD =
  "passwords?|passwd|passphrase|passwort|kennwort|contrasena|contraseña|senha|mot[-_]?de[-_]?passe|passcode|pwd|pw|psk|pgpass|sshpass|rediscli_auth|requirepass|masterauth|" +
  "secret[-_]?id|secrets?|credentials?|tokens?|jwt|keys?(?:[-_.]base)?|" +
  "pass|mfa[-_]?code|pin[-_]?code|cvv2?|cvc2?|ssn|session[-_]?id|sessid|j?sessionid|phpsessid|sid|otp|" +
  "dockerconfigjson|_auth|pat|client[-_]key[-_]data|auth[-_]?code|authorization[-_]?code|code[-_]?verifier|device[-_]?code|client[-_]?assertion|saml[-_]?response";

/** What every such word holds: a text without one of these has no name of a secret in it. */
export const SECRET_STEMS: readonly string[] = (
  "passw passc passp pass pwd pw psk pgpass kennwort contrase senha passe rediscli_auth masterauth secret credential token jwt key otp mfa pin cvv cvc ssn sess sid " +
  "dockerconfigjson _auth pat auth code verifier assertion saml"
).split(" ");

/** What may follow the word in a name: `DB_PASSWORD_2`, `passwordValue`, `GITHUB_TOKEN_CI`. {@link judgeName} says what that makes of it. */
export const SUFFIX = "(?<rest>[A-Za-z0-9_.-]{0,40}?)";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What makes a key a secret one. Most keys are not: `partition_key`, `public_key`, `cacheKey`. */
const SECRET_KEYS = words(
  "routing api app application access account auth admin client consumer deploy encryption encrypt cipher crypto hmac integration license " +
    "licence master oauth private registry secret service shared sharedaccess signing signature ssh storage subscription webhook write aes rsa jwt",
);
/** Keys that find or identify something. Any other may be a vendor's. */
const NOT_SECRET_KEYS = words(
  "public pub partition primary foreign sort object cache idempotency dedup deduplication row group message event hash range index unique composite natural surrogate lookup map dict hot cold redis s3 " +
    "file path name label tag value config property field column record document item entity resource issue project board space page user tenant org customer order session host node shard lock mutex " +
    "reply bind binding topic queue job task build etag trace span metric series i18n locale translation string json yaml xml data context request response header query param cursor page next previous last first " +
    "a the this that no of for with and by in new old current given same other each any duplicate missing invalid unknown wrong bad expected found registry hkey turkey monkey donkey hockey whiskey jockey keep a",
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

/** What is said of the same secret: which one it is, or how it is written. */
const SAME_SECRET =
  /^(?:value|plain|plaintext|text|raw|base64|b64|old|new|current|previous|prod|production|staging|stage|dev|test|v?\d{1,3})$/;
/** What is said about a secret, so that the value is something else: `PASSWORD_FILE`, `token_ttl`, `secret_name`. */
const ABOUT_SECRET = words(
  "file files path paths dir folder name names id ids ref refs url urls uri host hosts port endpoint type types kind ttl expiry expires expired expiration expire age length len min max size " +
    "count total limit budget rate version policy reset rotation rotate rotated enabled disabled required optional valid validity verified set unset exists present missing invalid status state " +
    "changed updated created issued issuer audience scope scopes at in on by from for of to seconds minutes hours days ms time timeout interval attempts failures failed retries errors error " +
    "encoder encoding encoded algorithm alg algo format strategy mode backend store storage provider manager engine cache source column field key keys label labels mount volume env var variable " +
    "prompt hint message strength score rules pattern regex hash hashed digest fingerprint checksum thumbprint sha sha1 sha256 public pub service server bucket remaining used usage request requests response handler " +
    "validation validator check auth authentication lookup cmd command arn namespace account user username owner email header headers prefix suffix cookie param parameter index position usec policy tokens per",
);

/** Every secret word in a name, also where two overlap: `rootPassword` holds an `otp` before its password. */
const EACH_WORD = new RegExp(`(?=(${SECRET_WORD}))`, "gi");

/**
 * Judges a whole name, of which `start` characters stand before the first secret word. The last word is judged first:
 * `DJANGO_SECRET_KEY` is a key, `TOKEN_SECRET_OLD` a secret.
 */
export function judgeName(name: string, start: number): KeyName | undefined {
  for (const match of matches(name.slice(start), EACH_WORD).reverse()) {
    const word = match[1] ?? "";
    const end = start + match.index + word.length;
    const key = judgeEnd(name.slice(0, end), word);
    const judged = key && judgeRest(key, name, name.slice(end));
    if (judged) return judged;
  }
  return undefined;
}

/** What a name makes of its secret word by how it goes on; undefined when the value is then something else. */
function judgeRest(key: KeyName, name: string, rest: string): KeyName | undefined {
  if (rest === "") return key;
  // `tokenizer`, `passwordless`: another word. In `passwordValue` the next one is told by its capital.
  if (/^[a-z]/.test(rest) && !SAME_SECRET.test(rest.toLowerCase())) return undefined;
  if (/^[A-Z]/.test(rest) && /^[^a-z]*$/.test(name)) return undefined;
  const parts = partsOf(rest).filter((part) => part !== "");
  if (parts.every((part) => SAME_SECRET.test(part))) return key;
  if (parts.some((part) => ABOUT_SECRET.has(part))) return undefined;
  // In capitals it is a variable's name, and `DB_PASSWORD_ORDERS` is as much a password's as `DB_PASSWORD`.
  return { ...key, strong: key.strong && /^[A-Z0-9_.-]+$/.test(name), goesOn: true };
}

/** Judges a name that ends in a secret word (`spring.datasource.password`). */
function judgeEnd(name: string, word: string): KeyName | undefined {
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
  if (/key[-_]data$/i.test(word)) return { kind: "private-key", strong: true };
  if (/^(?:auth|code|device|client|saml)/i.test(word)) return { kind: "oauth-code", strong: false };
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
  if (!SECRET_KEYS.has(what))
    return what === "" || NOT_SECRET_KEYS.has(what) ? undefined : { kind: "api-key", strong: false, drawn: true };
  const strong = !WEAK_KEYS.has(what) || parts.includes("secret") || parts.includes("private");
  return { kind: what === "ssh" || what === "private" ? "private-key" : "api-key", strong };
}

/** `dbPassword_old` is `db`, `password`, `old`. */
const partsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[-_. ]+/);
