/** What stands in a template for a part that differs. */
export const WILDCARD = "<*>";

/** Longest part of a line that is looked at, in characters. Lines that differ only later are one pattern. */
const MOST_CHARS = 1_024;

const WORD = 0;
const SPACE = 1;
const MARK = 2;

/** What each ASCII character is to a log line; everything beyond is part of a word. */
const CLASS = new Uint8Array(128);
for (let code = 0; code <= 32; code++) CLASS[code] = SPACE;
for (const mark of "()[]{}<>\"',;=|`:@#") CLASS[mark.charCodeAt(0)] = MARK;
CLASS[127] = SPACE;

const classOf = (code: number): number => (code < 128 ? (CLASS[code] ?? WORD) : WORD);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code >= 128;
const isHexLetter = (code: number): boolean => (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

const DOT = 46;
const SLASH = 47;
const BACKSLASH = 92;
const APOSTROPHE = 39;
const COLON = 58;

/**
 * A line with the values in it replaced by `<*>` and blanks made one: numbers with or without a unit, words with a
 * digit in them (identifiers, addresses, hashes, UUIDs, versions, host names), hexadecimal words, paths and URLs. One
 * pass over the characters, without regular expressions, since it runs once for every line of the log.
 */
export function mask(line: string): string {
  const end = Math.min(line.length, MOST_CHARS);
  let out = "";
  let i = 0;
  while (i < end) {
    const code = line.charCodeAt(i);
    const kind = classOf(code);
    if (kind === SPACE) {
      i++;
      while (i < end && classOf(line.charCodeAt(i)) === SPACE) i++;
      if (out !== "" && i < end) out += " ";
    } else if (kind === MARK) {
      out += line[i];
      i++;
    } else {
      const wordEnd = endOfWord(line, i, end);
      if (isUrl(line, wordEnd, end)) {
        out += WILDCARD;
        i = endOfUrl(line, wordEnd + 3, end);
      } else {
        out += maskWord(line, i, wordEnd);
        i = wordEnd;
      }
    }
  }
  return out;
}

function endOfWord(line: string, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const code = line.charCodeAt(i);
    if (classOf(code) !== WORD) {
      // can't, didn't: part of the word
      const inside =
        code === APOSTROPHE && i > start && isLetter(line.charCodeAt(i - 1)) && isLetter(line.charCodeAt(i + 1));
      if (!inside) return i;
    }
    // Leaders such as `enabled.....` end a word.
    if (code === DOT && line.charCodeAt(i + 1) === DOT) return i === start ? endOfDots(line, i, end) : i;
    i++;
  }
  return end;
}

function endOfDots(line: string, start: number, end: number): number {
  let i = start;
  while (i < end && line.charCodeAt(i) === DOT) i++;
  return i;
}

const isUrl = (line: string, at: number, end: number): boolean =>
  at + 2 < end &&
  line.charCodeAt(at) === COLON &&
  line.charCodeAt(at + 1) === SLASH &&
  line.charCodeAt(at + 2) === SLASH;

function endOfUrl(line: string, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const code = line.charCodeAt(i);
    if (classOf(code) === SPACE || "\"'<>,;)]}|`".includes(line[i] ?? "")) break;
    i++;
  }
  return i;
}

function maskWord(line: string, start: number, end: number): string {
  let digits = 0;
  let letters = 0;
  let hexLetters = 0;
  let slashes = 0;
  let inner = true; // every digit has a letter on both sides, as in Http2Client
  for (let i = start; i < end; i++) {
    const code = line.charCodeAt(i);
    if (isDigit(code)) {
      digits++;
      if (i === start || i === end - 1 || !isLetter(line.charCodeAt(i - 1)) || !isLetter(line.charCodeAt(i + 1)))
        inner = false;
    } else if (isLetter(code)) {
      letters++;
      if (isHexLetter(code)) hexLetters++;
    } else if (code === SLASH || code === BACKSLASH) slashes++;
  }
  const first = line.charCodeAt(start);
  const path = slashes > 0 && letters + digits > 0 && (first === SLASH || first === BACKSLASH || slashes > 1);
  const value =
    path ||
    (digits > 0 && !(inner && digits <= 2 && letters >= 4)) ||
    (letters >= 8 && hexLetters === letters && letters === end - start);
  if (!value) return line.slice(start, end);
  // The full stop of a sentence is not part of its last value.
  return line.charCodeAt(end - 1) === DOT ? `${WILDCARD}.` : WILDCARD;
}
