/**
 * What an evidence item shows, so that code can weigh it without reading its text:
 *
 * - `unusual`: measured or counted against the time before, and out of it
 * - `usual`: compared in the same way, and within it
 * - `absent`: looked for, and nothing was there; or it stopped, or is at zero
 * - `failing`: says that something fails, and does so newly or more often than before
 * - `change`: something was changed; `from` is when that took effect, and is missing when it has not
 * - `state`: how something stands, compared with nothing
 * - `past`: an earlier incident
 * - `words`: what people wrote
 */
export const MARK_KINDS = ["unusual", "usual", "absent", "failing", "change", "state", "past", "words"] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** One thing that an item, or some lines of it, shows. Times are epoch milliseconds, told to the second. */
export interface Mark {
  readonly shows: MarkKind;
  /** Whose it is, when it is not the whole item's `about`: a catalog name. */
  readonly whose?: string | undefined;
  /** Of what: a signal, a pattern's label, a commit or revision, an alarm, a path. */
  readonly of?: string | undefined;
  /** Catalog names that it names as the other side: the callee of a call that failed. */
  readonly peers?: readonly string[] | undefined;
  /** When it began. */
  readonly from?: number | undefined;
  /** When it ended; missing when it still is so, or was when last seen. */
  readonly to?: number | undefined;
  /** How many lines, samples or rows were looked through: of `absent`. */
  readonly over?: number | undefined;
  /** Of `unusual`: it turned for the better. */
  readonly better?: boolean | undefined;
  /** It is what is asked of a service, its traffic: no sign of trouble, nor of health, by itself. */
  readonly load?: boolean | undefined;
  /** Lines of the text that it speaks of, the first being 1; missing when it is the whole text. */
  readonly lines?: { readonly first: number; readonly last: number } | undefined;
}

const KINDS: ReadonlySet<string> = new Set(MARK_KINDS);
const isKind = (text: string): text is MarkKind => KINDS.has(text);

/** In one word of the notation: whatever parts words, marks or peers there is percent-encoded (RFC 3986, section 2.1). */
const asWord = (text: string): string =>
  Buffer.from(text, "utf8")
    .toString("utf8")
    .replace(/[\s\p{Cc}\p{Cf}"<>%;,=]/gu, (character) => encodeURIComponent(character));

const asTime = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

const asLines = ({ first, last }: NonNullable<Mark["lines"]>): string =>
  first === last ? `${first}` : `${first}-${last}`;

function writeMark({ shows, whose, of, peers = [], from, to, over, better, load, lines }: Mark): string {
  return [
    shows,
    ...(better === true ? ["better"] : []),
    ...(load === true ? ["load"] : []),
    ...(lines ? [`line=${asLines(lines)}`] : []),
    ...(whose === undefined ? [] : [`whose=${asWord(whose)}`]),
    ...(of === undefined ? [] : [`of=${asWord(of)}`]),
    ...(peers.length === 0 ? [] : [`peer=${peers.map(asWord).join(",")}`]),
    ...(from === undefined ? [] : [`from=${asTime(from)}`]),
    ...(to === undefined ? [] : [`to=${asTime(to)}`]),
    ...(over === undefined ? [] : [`over=${over}`]),
  ].join(" ");
}

/**
 * Marks as an item carries them, one string in both forms of an answer, so that whoever hands the item on can copy it:
 * marks parted by `; `, in each the kind and then words and `name=value` parted by spaces (logfmt), times in RFC 3339.
 *
 *     unusual line=2 of=error_ratio from=2026-03-01T10:02:15Z; usual line=3 of=requests_per_second
 */
export const writeMarks = (marks: readonly Mark[]): string => marks.map(writeMark).join("; ");

/** Reads {@link writeMarks} back. What this version does not know, a kind or a name, is left out: it supports nothing. */
export function readMarks(shows: string): Mark[] {
  if (shows === "") return [];
  return shows.split("; ").flatMap((part) => {
    const [kind = "", ...words] = part.split(" ");
    return isKind(kind) ? [{ shows: kind, ...readWords(words) }] : [];
  });
}

function readWords(words: readonly string[]): Omit<Mark, "shows"> {
  const values = new Map(
    words.map((word): [string, string] => {
      const at = word.indexOf("=");
      return at < 0 ? [word, ""] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const name = (key: string) => decoded(values.get(key));
  const peers = values
    .get("peer")
    ?.split(",")
    .flatMap((peer) => decoded(peer) ?? []);
  return {
    whose: name("whose"),
    of: name("of"),
    peers,
    from: timeOf(values.get("from")),
    to: timeOf(values.get("to")),
    over: numberOf(values.get("over")),
    better: values.has("better") ? true : undefined,
    load: values.has("load") ? true : undefined,
    lines: linesOf(values.get("line")),
  };
}

function decoded(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  try {
    return decodeURIComponent(word);
  } catch {
    return undefined; // not ours: names that we write always decode
  }
}

function timeOf(word: string | undefined): number | undefined {
  const at = word === undefined ? Number.NaN : Date.parse(word);
  return Number.isNaN(at) ? undefined : at;
}

function numberOf(word: string | undefined): number | undefined {
  const value = word === undefined || word === "" ? Number.NaN : Number(word);
  return Number.isFinite(value) ? value : undefined;
}

function linesOf(word: string | undefined): Mark["lines"] {
  const [first, last = first] = (word ?? "").split("-").map(numberOf);
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** The lines of an item's text that one of its marks speaks of; the whole text where it speaks of all. */
export function markedLines(text: string, { lines }: Pick<Mark, "lines">): string {
  return lines
    ? text
        .split("\n")
        .slice(lines.first - 1, lines.last)
        .join("\n")
    : text;
}

/** What a quote out of an item's text shows: the marks of the lines that it stands in, and those of the whole text. */
export function marksOfQuote(item: { readonly text: string; readonly shows: string }, quote: string): Mark[] {
  const marks = readMarks(item.shows);
  if (quote === "") return [];
  const places = placesOf(item.text, quote);
  return marks.filter(
    ({ lines }) =>
      (lines === undefined && places.length > 0) ||
      places.some(({ first, last }) => lines !== undefined && first <= lines.last && last >= lines.first),
  );
}

/** More places than these say no more of where a quote was taken from. */
const MAX_PLACES = 200;

/** The lines that each occurrence of a quote goes over, the first line being 1. */
function placesOf(text: string, quote: string): { first: number; last: number }[] {
  const places: { first: number; last: number }[] = [];
  const height = quote.split("\n").length - 1;
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf(quote); at >= 0 && places.length < MAX_PLACES; at = text.indexOf(quote, at + 1)) {
    for (; counted < at; counted++) if (text.charCodeAt(counted) === 10) line += 1;
    places.push({ first: line, last: line + height });
  }
  return places;
}
