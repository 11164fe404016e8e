/** What stands in a template for a part that differs. */
export const WILDCARD = "<*>";

/** Longest part of a line that is looked at, in characters. Lines that differ only later are one pattern. */
const MAX_CHARS = 1_024;

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
const FOUR = 52;
const FIVE = 53;
const COLON = 58;

const BLANK = 32;
const URL_ENDS = "\"'<>,;)]}|`";
const UNITS = new Set("B,KB,kB,MB,GB,TB,KiB,MiB,GiB,TiB,ns,us,µs,ms,s,sec,secs,min,mins,h,hr,hrs".split(","));
const DATE_PARTS = new Set("Mon,Tue,Wed,Thu,Fri,Sat,Sun,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec".split(","));

/**
 * A line with the values in it replaced by `<*>` and blanks made one: numbers with their unit, words with a digit in
 * them (identifiers, IP addresses, hashes, UUIDs, versions, host names), hexadecimal words, MAC and IPv6 addresses,
 * paths, URLs, and the names of days and months in dates. Behind a path, an HTTP status of a failure is `4xx` or `5xx`.
 * One pass over the characters, without regular expressions,
 * since it runs once for every line of a log.
 */
export function mask(line: string): string {
  const end = line.length <= MAX_CHARS ? line.length : lastBlank(line);
  let out = "";
  let run = 0; // where what is not yet in `out` begins
  let afterValue = false; // whether a value ends there
  let status = -1; // where an HTTP status may stand: right behind a path, a URL or a protocol version
  let i = 0;
  while (i < end) {
    const kind = classOf(line.charCodeAt(i));
    if (kind === SPACE) {
      const next = afterBlanks(line, i, end);
      if (next > i + 1 || line.charCodeAt(i) !== BLANK || i === 0) {
        out += i === 0 ? "" : `${line.slice(run, i)} `;
        run = next;
        afterValue = false;
      }
      i = next;
      continue;
    }
    if (kind === MARK) {
      i++;
      continue;
    }
    const wordEnd = endOfWord(line, i, end);
    const between = afterValue && i === run + 1 ? line.charCodeAt(run) : 0;
    if (between === BLANK && isUnit(line, i, wordEnd)) {
      run = wordEnd;
      i = wordEnd;
      continue;
    }
    if (i === status && isFailure(line, i, wordEnd)) {
      out += `${line.slice(run, i)}${line[i]}xx`;
      run = wordEnd;
      i = wordEnd;
      afterValue = false;
      continue;
    }
    const valueEnd = endOfValue(line, i, wordEnd, end, between === BLANK);
    if (valueEnd > 0) {
      // Values joined by colons are one: an address with its port, a time of day.
      if (between !== COLON) out += line.slice(run, i) + WILDCARD;
      if (line.charCodeAt(i) === SLASH || valueEnd > wordEnd || line.startsWith("HTTP/", i)) {
        status = endOfToken(line, valueEnd, end) + 1;
      }
      run = valueEnd;
      afterValue = true;
    }
    i = Math.max(valueEnd, wordEnd);
  }
  return (out + line.slice(run, end)).trimEnd();
}

function endOfToken(line: string, start: number, end: number): number {
  let i = start;
  while (i < end && classOf(line.charCodeAt(i)) !== SPACE) i++;
  return i;
}

/** 400 to 599: a failure is another statement than a success, whatever its number. */
function isFailure(line: string, start: number, end: number): boolean {
  const first = line.charCodeAt(start);
  return (
    end - start === 3 &&
    (first === FOUR || first === FIVE) &&
    isDigit(line.charCodeAt(start + 1)) &&
    isDigit(line.charCodeAt(start + 2))
  );
}

/** The end of the value that begins with the word given, or 0 when it is none. */
function endOfValue(line: string, start: number, wordEnd: number, end: number, behindValue: boolean): number {
  const address = endOfAddress(line, start, wordEnd, end);
  if (address > 0) return address;
  if (isUrl(line, wordEnd, end)) return endOfUrl(line, wordEnd + 3, end);
  if (!isValue(line, start, wordEnd) && !isDatePart(line, start, wordEnd, behindValue)) return 0;
  // The full stop of a sentence is not part of its last value.
  return line.charCodeAt(wordEnd - 1) === DOT ? wordEnd - 1 : wordEnd;
}

/** A long line is cut between words, so that the cut leaves no half of a value behind. */
function lastBlank(line: string): number {
  for (let i = MAX_CHARS; i > MAX_CHARS / 2; i--) if (classOf(line.charCodeAt(i)) === SPACE) return i;
  return MAX_CHARS;
}

function afterBlanks(line: string, start: number, end: number): number {
  let i = start + 1;
  while (i < end && classOf(line.charCodeAt(i)) === SPACE) i++;
  return i;
}

function endOfWord(line: string, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const code = line.charCodeAt(i);
    if (classOf(code) !== WORD) {
      // can't, didn't: part of the word
      const within =
        code === APOSTROPHE && i > start && isLetter(line.charCodeAt(i - 1)) && isLetter(line.charCodeAt(i + 1));
      if (!within) return i;
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
  while (i < end && classOf(line.charCodeAt(i)) !== SPACE && !URL_ENDS.includes(line[i] ?? "")) i++;
  return i;
}

/**
 * The end of a MAC or IPv6 address that begins with the word given, or 0: at least three groups of up to four
 * hexadecimal digits between colons, and a digit or a double colon somewhere.
 */
function endOfAddress(line: string, start: number, wordEnd: number, end: number): number {
  if (wordEnd - start > 4 || line.charCodeAt(wordEnd) !== COLON) return 0;
  let i = start;
  let colons = 0;
  let group = 0;
  let telling = false;
  while (i < end) {
    const code = line.charCodeAt(i);
    if (code === COLON) {
      colons++;
      if (group === 0) telling = true;
      group = 0;
    } else if (isDigit(code) || isHexLetter(code)) {
      group++;
      if (group > 4) return 0;
      if (isDigit(code)) telling = true;
    } else if (classOf(code) === WORD) return 0;
    else break;
    i++;
  }
  while (i > start && line.charCodeAt(i - 1) === COLON) {
    i--;
    colons--;
  }
  return colons >= 2 && telling ? i : 0;
}

function isValue(line: string, start: number, end: number): boolean {
  let digits = 0;
  let letters = 0;
  let hexLetters = 0;
  let slashes = 0;
  let inner = true; // every digit has a letter on both sides, as in Http2Client
  for (let i = start; i < end; i++) {
    const code = line.charCodeAt(i);
    if (isDigit(code)) {
      digits++;
      if (i === start || !isLetter(line.charCodeAt(i - 1)) || i === end - 1 || !isLetter(line.charCodeAt(i + 1))) {
        inner = false;
      }
    } else if (isLetter(code)) {
      letters++;
      if (isHexLetter(code)) hexLetters++;
    } else if (code === SLASH || code === BACKSLASH) slashes++;
  }
  const first = line.charCodeAt(start);
  if (slashes > 0 && letters + digits > 0 && (first === SLASH || first === BACKSLASH || slashes > 1)) return true;
  if (digits > 0) return !(inner && digits <= 2 && letters >= 4);
  return letters >= 8 && hexLetters === letters && letters === end - start;
}

/** `KB`, `ms` and the like, right behind a number: the same message may come in another unit. */
function isUnit(line: string, start: number, end: number): boolean {
  if (end - start > 5) return false;
  return UNITS.has(line.slice(start, line.charCodeAt(end - 1) === DOT ? end - 1 : end));
}

/** `Mar` of `Mar 1`, `Sun` of `Sun Mar 1`, `Mar` of `1 Mar`. */
function isDatePart(line: string, start: number, end: number, behindValue: boolean): boolean {
  if (end - start !== 3 || !DATE_PARTS.has(line.slice(start, end))) return false;
  const next = end + 1;
  return behindValue || isDigit(line.charCodeAt(next)) || DATE_PARTS.has(line.slice(next, next + 3));
}
