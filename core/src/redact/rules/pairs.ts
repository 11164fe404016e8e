import { matches, type Rule } from "../rule.ts";
import { isStatementId } from "./iam-statement.ts";
import { judgeName, SECRET_WORD, SUFFIX } from "./key-names.ts";
import { isSecretValue } from "./values.ts";

/** The word, the rest of its name, a closing quote or bracket, and the sign that assigns. The name's start is found backwards. */
const KEY = new RegExp(
  `(?<word>${SECRET_WORD})${SUFFIX}(?:\\\\*["'\`])?\\]?(?<sign>\\s{0,40}(?:=>|:=|===?|!==?|=|:(?![:/])|%3D|%3A|\\.{3,80})[ \\t]{0,40}|</?>|>(?:<\\w{1,20}>)?)(?<quote>\\\\*["'\`])?`,
  "gi",
);
const NAME_CHARACTER = /[A-Za-z0-9_.-]/;
const LONGEST_NAME = 64;
const LONGEST_QUOTED = 16_384;
const BARE = /(?:\[redacted:[a-z0-9-]{1,40}\]|[^\s"'`,;&|)}\]<>\\])+/y;
const TO_BLANK = /[^\s"'`]+/y;
/** What may stand before a key at the start of a line: a diff's sign, indentation, a list's dash, `export`, `- name=`. */
const LINE_START = /(?:^|\n)[+-]?[ \t]*(?:[-*][ \t]+)?(?:(?:export|set|ENV|ARG|env|-e|--env)[ \t]+)?["']?$/;
const BLOCK = /[|>][-+]?\d?[ \t]*\r?\n[+-]?[ \t]*(?<secret>[^\r\n]{1,4096})/dy;

/** `key=value`, `key: value`, `"key":"value"`, `<key>value</key>` and the like, where the key's name says that the value is secret. */
export const pairs: Rule = function* (text) {
  const runs = { bare: new Runs(text, BARE), toBlank: new Runs(text, TO_BLANK) };
  let covered = 0;
  for (const match of matches(text, KEY)) {
    // A key inside a value that is hidden already, such as the query of a URL that is a password.
    if (match.index + match[0].length <= covered) continue;
    const span = spanOf(text, match, runs);
    if (!span) continue;
    covered = span.end;
    yield span;
  }
};

/** Runs of certain characters. A start inside the last run has the same end, so each run is walked once. */
class Runs {
  readonly #text: string;
  readonly #expression: RegExp;
  #from = 0;
  #end = 0;

  constructor(text: string, expression: RegExp) {
    this.#text = text;
    this.#expression = expression;
  }

  /** From `from` to where the run ends, which is `from` itself when there is none. */
  at(from: number): [number, number] {
    if (from < this.#from || from >= this.#end) {
      this.#expression.lastIndex = from;
      this.#from = from;
      this.#end = this.#expression.test(this.#text) ? this.#expression.lastIndex : from;
    }
    return [from, this.#end];
  }
}

function spanOf(text: string, match: RegExpExecArray, runs: Readonly<Record<"bare" | "toBlank", Runs>>) {
  const { word = "", rest = "", sign = "", quote } = match.groups ?? {};
  const nameStart = nameStartOf(text, match.index, word);
  const key = judgeName(text.slice(nameStart, match.index + word.length + rest.length), match.index - nameStart);
  if (!key || /[!=]==?/.test(sign.trim()) || sign.startsWith("</")) return undefined;
  // An element's end: what follows is the next element.
  if (sign.startsWith(">") && text[nameStart - 1] === "/") return undefined;
  // The resource part of an ARN, `…:123456789012:secret:prod/db`.
  if (text[nameStart - 1] === ":" && sign === ":") return undefined;
  const from = match.index + match[0].length;
  // In `${DB_PASSWORD:?must be set}` it is a message.
  if (text[from] === "?" && text.startsWith("${", nameStart - 2)) return undefined;
  const before = text.slice(Math.max(0, nameStart - 40), nameStart);
  const startsLine = LINE_START.test(nameStart < 40 ? `\n${before}` : before);
  const place = {
    quoted: quote !== undefined,
    ...key,
    structural: startsLine || quote !== undefined || !/:/.test(sign) || /[,{([;&?][ \t]*(?:\\*["'`])?$/.test(before),
    code: /\s(?:=|:=)\s/.test(sign),
  };
  const [start, end] =
    quote === undefined ? bare(text, from, startsLine, runs) : quoted(text, from, quote, runs.toBlank);
  if (end <= start || !isSecretValue(text.slice(start, end), place)) return undefined;
  return isStatementId(text, text.slice(nameStart, match.index + word.length), [start, end])
    ? undefined
    : { start, end, kind: key.kind };
}

const WHOLE_NAME = new RegExp(`(?<word>${SECRET_WORD})${SUFFIX}$`, "i");

/** The kind of secret that a member of an object is by its name, if it is one. */
export function kindOfMember(name: string, value: string): string | undefined {
  const end = name.slice(-LONGEST_NAME);
  const match = WHOLE_NAME.exec(end);
  const key = match && judgeName(end, match.index);
  if (!key) return undefined;
  const place = { quoted: true, structural: true, code: false, ...key };
  return isSecretValue(value, place) ? key.kind : undefined;
}

/** In `API key: …` the word before the blank belongs to the name. */
const WORD_BEFORE = /(?<![A-Za-z])[A-Za-z]{2,16} $/;
const LONGEST_WORD = 18;

function nameStartOf(text: string, index: number, word: string): number {
  const start = walkBack(text, index);
  if (start < index || !/^key/i.test(word)) return start;
  const before = WORD_BEFORE.exec(text.slice(Math.max(0, index - LONGEST_WORD), index));
  return before ? index - before[0].length : start;
}

function walkBack(text: string, index: number): number {
  let start = index;
  while (start > 0 && index - start < LONGEST_NAME && NAME_CHARACTER.test(text[start - 1] ?? "")) start--;
  return start;
}

/** Up to the same quote on the same line, escaped as often as the first; if it is missing, up to a blank. */
function quoted(text: string, from: number, quote: string, toBlank: Runs): [number, number] {
  for (let i = from; i < text.length && i - from < LONGEST_QUOTED && text[i] !== "\n"; i++) {
    if (text.startsWith(quote, i)) return [from, i];
    if (text[i] === "\\") i++;
  }
  return toBlank.at(from);
}

/** A value alone on its line has no delimiters but the blank; elsewhere it ends where a list or a query would go on. */
function bare(
  text: string,
  from: number,
  startsLine: boolean,
  runs: Readonly<Record<"bare" | "toBlank", Runs>>,
): [number, number] {
  BLOCK.lastIndex = from;
  const block = startsLine ? BLOCK.exec(text) : null;
  if (block) return block.indices?.groups?.secret ?? [from, from];
  if (!startsLine) return runs.bare.at(from);
  const whole = runs.toBlank.at(from);
  const alone = /^[ \t]*(?:#.*)?(?:\r?\n|$)/.test(text.slice(whole[1], whole[1] + 200));
  return alone && !/[[{(]/.test(text[from] ?? "") ? trimmed(text, whole) : runs.bare.at(from);
}

/** A line of JSON or code ends in punctuation that is not the value's. */
const trimmed = (text: string, [start, end]: [number, number]): [number, number] => [
  start,
  end - (/[,;]/.test(text[end - 1] ?? "") ? 1 : 0),
];
