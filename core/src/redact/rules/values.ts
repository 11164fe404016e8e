import { entropy } from "../entropy.ts";
import { isMadeOfWords } from "./made-of-words.ts";
import { isStandIn } from "./stand-in.ts";

/** Where a value stands, which decides how much it takes to believe that it is a secret. */
export interface Place {
  /** In quotes. */
  readonly quoted: boolean;
  /** A key by its form (start of a line, after a comma or brace, joined by =), not a word in a sentence. */
  readonly structural: boolean;
  /** The key's name leaves no doubt. */
  readonly strong: boolean;
  /** Blanks around an = sign, or a call or index after the value, as program code has them. */
  readonly code: boolean;
  readonly kind: string;
  /** As {@link KeyName.goesOn} and {@link KeyName.drawn}. */
  readonly goesOn?: boolean;
  readonly drawn?: boolean;
}

/** Longer than what names a member of an object, in characters. */
const LONGEST_PATH = 60;

/** What is said about a secret, or a type, where the secret itself would be. */
const WORDS = new Set(
  (
    "true false yes no on off null none nil undefined void unset empty blank default string str bytes byte char text varchar int integer number float bool boolean any object " +
    "secretstr optional required expired expires invalid missing revoked rejected incorrect wrong mismatch mismatched present absent not is isn't was were has had have must should shall " +
    "cannot could can can't will would may failed failure failing fail error errors ok okay valid refreshed rotated rotation rotate unknown unauthorized unauthenticated denied malformed " +
    "found verified verify accepted changed unchanged updated deleted created reset set enabled disabled too does doesn't did didn't do don't the a an this that these those your my our its " +
    "for from to in of by with and or if as at it when because since via use used using uses see please new old same different only access please provide provided check ask n/a na tbd todo " +
    "secret password token key credentials file env environment plain plaintext hashed encrypted base64 bearer basic md5 scram-sha-256 trust peer ident eof identifier keyword hidden strong weak short long " +
    "expiry lifetime ttl type name length len count id store manager rejects refresh stale pending active inactive success succeeded timeout timed"
  ).split(" "),
);
/** A name of where the secret is kept. */
const REFERENCE =
  /^(?:arn:|vault:|ref\+|op:\/\/|ssm:|sm:\/\/|kms:|gcpsm|awssm|akv|azurekeyvault|secretref|secretsmanager|aws-?sm|sops|enc\[|ENC\[|file:|env:|env\.|process\.env|os\.(?:environ|getenv)|System\.getenv|getenv|config\.|settings\.|secrets\.|var\.|local\.|data\.|module\.|each\.|params\.|\.?\.?\/?(?:run|var|etc|mnt|secrets?|vault|opt|home|usr|tmp|root|kv)\/|\.\.?\/|~\/|projects\/|https?:\/\/|!(?:Ref|Sub|GetAtt|ImportValue|vault)|sha(?:1|256|512):|&|@|\||>)/;
const LONGEST_WORD = 24;
const SECRET_NAME = /pass|pwd|secret|token|key|cred|auth/i;

/** Judging looks no further than this: what a value is shows at its beginning, and long ones must not cost more. */
const LOOKED_AT = 300;

/** Whether a value in this place is a secret. */
export function isSecretValue(whole: string, place: Place): boolean {
  const value = whole.slice(0, LOOKED_AT);
  if (isStandIn(value) || REFERENCE.test(value) || !/[\p{L}\p{N}]/u.test(value)) return false;
  // Zookeeper numbers its sessions so.
  if (place.kind === "session-id" && /^0x[0-9a-f]{1,16}$/.test(value)) return false;
  if (place.drawn) return isDrawn(value) || (!!place.structural && isVendorKey(value));
  if (!place.quoted && !place.strong && value.endsWith(":")) return false;
  if (value.length <= LONGEST_WORD && WORDS.has(value.replace(/^\(|[.,:;!?)]{1,4}$/g, "").toLowerCase())) return false;
  if (/^\d+(?:[._,-]\d+)*;?$/.test(value)) return !place.goesOn && isSecretNumber(value, place);
  if (isCode(value, place) || (place.quoted && place.kind === "token" && isSentence(value))) return false;
  if (place.strong)
    return (
      place.structural ||
      (place.quoted ? !/\s/.test(value) || value.length > 40 : hasMixture(value)) ||
      hasMixture(value)
    );
  return isRandom(value) && !(place.kind === "session-id" && isPlainId(value));
}

const MIN_VENDOR_KEY = 12;

/** What services that make no prefix hand out: a UUID, hexadecimal digits, groups, or letters and digits mixed. */
function isVendorKey(value: string): boolean {
  if (UUID.test(value) || /^(?:[0-9a-f]{32,}|[0-9A-F]{32,}|\d{24,})$/.test(value)) return true;
  return (
    value.length >= MIN_VENDOR_KEY &&
    /^[A-Za-z0-9_~+/=.-]+$/.test(value) &&
    ((value.match(/\d/g) ?? []).length >= 3 || (value.length >= 20 && /[a-z][A-Z].*[a-z][A-Z]/.test(value))) &&
    (value.match(/[A-Za-z]/g) ?? []).length >= 3 &&
    !/^[a-z]+(?:[-_./:][a-z0-9]{1,8})+$|\d{4}-\d{2}-\d{2}|^v?\d+\.\d/.test(value) &&
    !isMadeOfWords(value)
  );
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const MIN_DRAWN = 16;
const MIN_DRAWN_ENTROPY = 3;

/** Long, in one piece, of letters and digits mixed as no name, path, date or UUID has them. */
export function isDrawn(value: string): boolean {
  return (
    value.length >= MIN_DRAWN &&
    /^[A-Za-z0-9_~+/=.-]+$/.test(value) &&
    (/\d/.test(value) || value.length >= 32) &&
    /[A-Za-z]/.test(value) &&
    !/^[a-z]+(?:[-_./][a-z0-9]+)*$|^[\w-]+(?:[./][a-z][\w-]*)+$|^\d{4}-\d{2}-\d{2}/.test(value) &&
    !UUID.test(value) &&
    entropy(value) >= MIN_DRAWN_ENTROPY &&
    !isMadeOfWords(value)
  );
}

/** A `sid` is also the id of a statement in an IAM policy, or of an account at Windows. Sessions' ids are random. */
const isPlainId = (value: string): boolean => isMadeOfWords(value) || /^S-1-\d+(?:-\d+)+$/.test(value);

/** A number is a password or a code, but a `token=42` is a count or a position. */
function isSecretNumber(value: string, { kind, structural }: Place): boolean {
  // Nothing is counted in so many digits.
  if (/^\d{24,}$/.test(value)) return true;
  return (kind === "password" || kind === "secret") && structural && /^(?:\d{3,}|\d{3}-\d{2}-\d{4})$/.test(value);
}

/** `cfg.password`, `getToken()`, `dbPassword`, `req.headers[…]`: where the value comes from, not what it is. */
function isCode(value: string, { quoted, code }: Place): boolean {
  if (quoted) return /^[A-Za-z_]+$/.test(value) && /^(?:pass|passwd|password|token|secret)$/i.test(value);
  if (
    /^[A-Za-z_$][\w$]*(?:(?:\??\.|->|::)[\w$]+)*(?:\?\.)?[([<]/.test(code ? value.replace(/^\[/, "") : value) ||
    /^(?:new|await|async|function|lambda)$/.test(value)
  )
    return true;
  if (!/^[A-Za-z_$*&][\w$]*(?:(?:\?\.|\.|->|::)[A-Za-z_$][\w$]*)*$/.test(value)) return false;
  if (/\.|->|::/.test(value))
    return (
      (value.length < LONGEST_PATH || !/[a-z]\d|\d[a-z]/i.test(value)) &&
      (code ||
        SECRET_NAME.test(value) ||
        /^(?:self|this|ctx|req|res|cfg|conf|opts?|args?|props|user|input|body)\b/.test(value))
    );
  return code ? !/\d/.test(value) || SECRET_NAME.test(value) : SECRET_NAME.test(value) && !/\d/.test(value);
}

/** What a setting is described with. A password may have blanks in it; a token has none. */
const isSentence = (value: string): boolean => /^(?:[A-Za-z]{1,24}[,.:;]?(?: (?=\S)|$)){4,}$/.test(value);

/** More than a plain word: a digit or a symbol among letters, or capitals in the middle. */
const hasMixture = (value: string): boolean =>
  value.length >= 5 &&
  /\p{L}/u.test(value) &&
  (/\d/.test(value) || /[^\w\s.,:;'"()/-]/.test(value) || /[a-z][A-Z]/.test(value));

/** In groups parted by dashes, longer and with more digits than a name with a date in it. */
const MIN_GROUPED = 28;
const MIN_GROUPED_DIGITS = 10;

/** Long, and mixed the way names of things are not: `storefront-tls-2024` is a name. */
function isRandom(value: string): boolean {
  if (UUID.test(value)) return true;
  if (/\s/.test(value)) return false;
  if (/^[a-z0-9]+(?:[-_./:][a-z0-9]+)+$/.test(value)) {
    if (value.length >= MIN_GROUPED && (value.match(/\d/g) ?? []).length >= MIN_GROUPED_DIGITS) return true;
    if (/[a-z0-9]{20,}/.test(value) && (value.match(/\d/g) ?? []).length >= 4) return true;
    if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/.test(value) || !/[a-z]\d[a-z]|\d[a-z]\d/.test(value)) return false;
  }
  if (
    /^[A-Z][A-Z_]*$/.test(value) ||
    (/^[a-zA-Z]+$/.test(value) && !/^[^A-Z]*[A-Z][^a-z]*[a-z][^A-Z]*[A-Z]/.test(value))
  )
    return value.length >= 24 && !/_/.test(value);
  return (value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value)) || value.length >= 16;
}
