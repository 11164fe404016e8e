import { type Moment, sameMoment, secondsOf, takeMoments } from "./moments.ts";
import { exactly, type Figure, type Hedge, readFigure, sameFigure } from "./numbers.ts";
import { type Quantity, quantitiesIn, sameQuantity } from "./quantities.ts";
import { ITEM, type Unit, unitBehind, unitInName, unitOf } from "./units.ts";
import { spelledFigures } from "./words.ts";

/** Names with a digit that are vocabulary and no figure. */
const VOCABULARY = /^(?:http\/[123](?:\.\d)?|utf-8|sha-?256|k8s|s3|ec2|oauth2|ipv[46]|log4j)$/i;

/**
 * One form for what looks alike: full-width digits, minus signs, thousands parted by a thin space. Not so ⁵, ½ and Ⅻ:
 * to them compatibility forms give another value (10⁶ would be 106), so they stand in a quote as they are or not at all.
 */
function sameForm(text: string): string {
  return text
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, "")
    .replace(/[^\p{No}\p{Nl}]+/gu, (part) => part.normalize("NFKC"))
    .replace(/[\u2010-\u2012\u2212]/g, "-");
}

const EDGE = /[\s"'`“”‘’([{<~≈≥≤+>)\]}.,;:!?*|\\]/;

/** Without the punctuation around it. By hand: `[...]+$` takes quadratic time on a long run of punctuation. */
function bare(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && EDGE.test(word.charAt(start))) start++;
  while (end > start && EDGE.test(word.charAt(end - 1))) end--;
  return word.slice(start, end);
}

interface Token {
  readonly token: string;
  /** The word right behind it, with nothing but a space between. */
  readonly next: string;
  readonly hedge: Hedge;
}

/** Words and signs before a figure that say it is meant roughly, and on which side of it the exact one lies. */
const HEDGES: readonly (readonly [hedge: NonNullable<Hedge>, words: RegExp])[] = [
  ["over", /(?:^|\s)(?:more than|over|above|at least|beyond)\s+$|[>≥]\s?$/i],
  ["under", /(?:^|\s)(?:less than|fewer than|under|below|at most|up to|nearly|almost)\s+$|[<≤]\s?$/i],
  ["about", /(?:^|\s)(?:about|around|roughly|approximately|some|circa|ca\.)\s+$|[~≈]\s?$/i],
];

/** The tokens of a claim that carry a digit. */
function numericTokens(text: string): Token[] {
  const words = text.split(/[\s–—]+|→|->|=>|\.\.\.?|…/u).filter((word) => word !== "");
  return words.flatMap((word, index) => {
    const token = bare(word);
    if (!/\p{N}/u.test(token)) return [];
    const parted = /[^\p{L}\p{N}%×]$/u.test(word);
    const before = `${words.slice(Math.max(0, index - 2), index).join(" ")} ${/^[<>~≈≥≤]{0,2}/.exec(word)?.[0] ?? ""}`;
    const hedge = HEDGES.find(([, hedges]) => hedges.test(before))?.[0];
    return [{ token, next: parted ? "" : bare(words[index + 1] ?? ""), hedge }];
  });
}

/** A quote, with what stands before and after it in its line. Figures of these two support nothing. */
export interface Ground {
  readonly before: string;
  readonly quote: string;
  readonly after: string;
}

/** A quoted figure, with the quantile or class of status codes that its name says. */
interface Quoted extends Figure {
  readonly quantity: Quantity | undefined;
}

/** What the quotes say: their figures in every reading, their moments, and their text to look everything else up in. */
interface Grounds {
  readonly figures: readonly Quoted[];
  readonly moments: readonly Moment[];
  readonly texts: readonly string[];
  /** Quantiles and classes of status codes that they, or their lines before them, name. */
  readonly quantities: readonly Quantity[];
}

function groundsOf(grounds: readonly Ground[]): Grounds {
  const whole = grounds.map(({ before, quote, after }) => {
    const { moments, rest } = takeMoments(sameForm(quote));
    const [lead, tail] = [sameForm(before), sameForm(after)];
    return { moments, text: sameForm(quote), figures: figuresOf(lead, rest, tail), lead };
  });
  return {
    figures: whole.flatMap(({ figures }) => figures),
    moments: whole.flatMap(({ moments }) => moments),
    texts: whole.map(({ text }) => text.toLowerCase()),
    quantities: whole.flatMap(({ lead, text }) => [lead, text].flatMap(quantitiesIn)),
  };
}

const NAME = String.raw`\((?<inside>\p{L}{2,12}|%)\)|(?<name>\p{L}[\p{L}\p{N}]*(?:[_.-][\p{L}\p{N}]+)*)`;
const NUMBER = String.raw`[+-]?(?:\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,2})?(?!\d|\.\d)`;
const DURATION = String.raw`\d{1,4}h\d{1,4}m(?:\d{1,4}s)?|\d{1,4}m\d{1,4}(?:\.\d{1,9})?s`;
const PARTS = new RegExp(
  String.raw`${NAME}|(?<![\p{L}\p{N}_.]|[\p{L}_]-)(?<number>${DURATION}|${NUMBER})(?<suffix>[%×]|\p{L}{0,20})(?![\p{L}\p{N}])`,
  "gu",
);
const BEHIND = /[ -](\p{L}{1,40}|%)(?![\p{L}\p{N}_])/uy;
const SHARE = /(?<![\p{L}\p{N}.,])(\d{1,15})\s?(?:\/|(?:out )?of)\s?(\d{1,15})(?![\p{L}\p{N}]|\.\d)/gu;

/**
 * Every figure in a quote, also those glued into `key=12ms`, `1.84→0.09` or `12/40`, which is a ratio as well. What stands before and
 * after it in its line gives figures their name and unit.
 */
function figuresOf(before: string, quote: string, after: string): Quoted[] {
  let named: Unit | undefined;
  let quantity: Quantity | undefined;
  const text = `${before}${quote}${after}`;
  const [start, end] = [before.length, before.length + quote.length];
  const figures = [...text.matchAll(PARTS)].flatMap((match): Quoted[] => {
    const { inside, name, number, suffix = "" } = match.groups ?? {};
    if (number === undefined) {
      // A signal's name gives the figures after it their unit and quantity, until the next name.
      const unit = inside === undefined ? unitInName(name ?? "") : unitOf(inside);
      const [own] = quantitiesIn(name ?? "");
      if (unit || own || name?.includes("_")) [named, quantity] = [unit ?? (own ? named : undefined), own];
      return [];
    }
    if (match.index < start || match.index >= end || VOCABULARY.test(number + suffix)) return [];
    const figure = readFigure(number + suffix) ?? readFigure(number);
    BEHIND.lastIndex = match.index + match[0].length;
    const behind = unitBehind(BEHIND.exec(text)?.[1] ?? "");
    return figure ? readings(figure, behind, named).map((one) => ({ ...one, quantity })) : [];
  });
  const shares = [...quote.matchAll(SHARE)].filter(([, , whole]) => Number(whole) > 0);
  const ratios = shares.map(([, part, whole]) => exactly(Number(part) / Number(whole), unitOf("ratio")));
  return [...figures, ...ratios.map((one) => ({ ...one, quantity: undefined }))];
}

/** What a quoted figure may measure: what is written at it, else what the name before it says or the things behind it. */
function readings(figure: Figure, behind: Unit | undefined, named: Unit | undefined): Figure[] {
  if (figure.unit) return [figure];
  if (behind && behind !== ITEM) return [{ ...figure, unit: behind }];
  if (named) return [named, ITEM].map((unit) => ({ ...figure, unit }));
  return [{ ...figure, unit: behind }];
}

/** Whether a token stands in the text as a whole: not the 10.0.0.7 of 10.0.0.77. A commit may be cut short. */
function standsIn(text: string, token: string): boolean {
  const commit = /^[0-9a-f]{7,40}$/.test(token);
  const ends = commit ? /^(?:[0-9a-f]|[^\p{L}\p{N}]|$)/u : /^(?![\p{L}\p{N}]|[.,]\d)/u;
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + token.length, at + token.length + 2);
    if (!/[\p{L}\p{N}]$|\d[.,]$/u.test(before.replace(/(?<![\p{L}\p{N}])v$/u, "")) && ends.test(after)) return true;
  }
  return false;
}

const RATE = /^([\d.,]+)\/(?:s|sec|second|m|min|minute|h|hour|d|day)$/i;

/** A quantile or class that quotes name another of is that other one's. Where they name none, it is a word like others. */
function isBorneOut(quantity: Quantity, { quantities }: Grounds): boolean {
  const alike = quantities.filter(({ kind }) => kind === quantity.kind);
  return alike.length === 0 || alike.some((quoted) => sameQuantity(quantity, quoted));
}

/** A figure, or whatever else has a digit in it, or several of these glued together: `5-10`, `120/s`, `pool=5`. */
function isSupported({ token, next, hedge }: Token, grounds: Grounds, said: Said, whole = true): boolean {
  if (VOCABULARY.test(token)) return true;
  const [quantity] = quantitiesIn(/^percentile/i.test(next) ? `${token} percentile` : token);
  if (quantity) return isBorneOut(quantity, grounds);
  // A rate's `s` is no unit of its number: 120/s are not 120 seconds.
  const rate = RATE.exec(token)?.[1];
  if (rate !== undefined) return isSupported({ token: rate, next: "", hedge }, grounds, said, whole);
  const figure = readFigure(token.replace(/^(\d{1,9})(?:st|nd|rd|th)$/, "$1"));
  const unit = figure?.unit ?? unitBehind(next.split("/", 1)[0] ?? "");
  // The plural of a status: 503s are not 503 seconds.
  const claimed = figure && (/^[1-5]\d\ds$/.test(token) ? { ...figure, unit: undefined } : { ...figure, unit });
  const fitting = grounds.figures.filter((quoted) => fits(quoted.quantity, said.quantities));
  if (claimed && fitting.some((quoted) => sameFigure(claimed, quoted, hedge))) return true;
  if (claimed && said.compares && isComputed(claimed, fitting, grounds.moments)) return true;
  const lower = token.toLowerCase();
  const forms = figure ? [] : [lower, ...(/^v\d/.test(lower) ? [lower.slice(1)] : [])];
  if (forms.some((form) => grounds.texts.some((text) => standsIn(text, form)))) return true;
  const pieces = token.split(/[=:/-]/);
  if (!whole || pieces.length < 2) return false;
  const behind = (index: number) => pieces.slice(index + 1).find((piece) => !/\p{N}/u.test(piece)) ?? next;
  return pieces.every((piece, index) => {
    return (
      !/\p{N}/u.test(piece) || isSupported({ token: bare(piece), next: behind(index), hedge }, grounds, said, false)
    );
  });
}

/** Characters of a text whose figures are checked: more is no sentence, and would only cost time. */
const MAX_TEXT = 4_000;

/** Characters of a quote that figures are looked for in: several times what one item has. */
const MAX_QUOTE = 32_000;

const bounded = ({ before, quote, after }: Ground): Ground =>
  quote.length <= MAX_QUOTE ? { before, quote, after } : { before, quote: quote.slice(0, MAX_QUOTE), after: "" };

/** What a claim says besides its figures. */
interface Said {
  readonly quantities: readonly Quantity[];
  /** It tells a difference, a sum or a stretch of time. */
  readonly compares: boolean;
}

const COMPARES =
  /\b(?:rose|risen|rise|grew|grown|fell|fallen|dropped|drop|jump(?:ed)?|up by|down by|by|after|before|later|earlier|within|since|between|more|fewer|less|lasted|took|for|total(?:s|led)?|together|in all|sum|difference|apart|of them)\b/i;

/** A claim that names one quantile or class speaks of no other one's figures; a figure without any may be either's. */
const fits = (quoted: Quantity | undefined, said: readonly Quantity[]): boolean => {
  if (!quoted) return true;
  const alike = said.filter(({ kind }) => kind === quoted.kind);
  return alike.length === 0 || alike.some((one) => sameQuantity(one, quoted));
};

/** More figures and moments than these are not computed with. */
const MAX_OPERANDS = 16;

/** Whether a figure is the difference or the sum of two quoted ones of its dimension, or the time between two quoted moments. */
function isComputed(claimed: Figure, figures: readonly Figure[], moments: readonly Moment[]): boolean {
  const { unit } = claimed;
  if (
    unit?.dimension === "time" &&
    secondsBetween(moments.slice(0, MAX_OPERANDS)).some((gap) => sameFigure(claimed, gap))
  )
    return true;
  const alike = figures
    .filter((quoted) => (quoted.unit?.dimension ?? "count") === (unit?.dimension ?? "count"))
    .slice(0, MAX_OPERANDS)
    .map(({ value, unit: own }) => Math.abs(value) * (own?.factor ?? 1));
  const base = unit ?? ITEM;
  return alike.some((a, index) =>
    alike
      .slice(index + 1)
      .some((b) =>
        [a + b, Math.abs(a - b)].some(
          (value) => value > 0 && sameFigure(claimed, { ...exactly(value / base.factor, base), unit: base }),
        ),
      ),
  );
}

function secondsBetween(moments: readonly Moment[]): Figure[] {
  const instants = moments.flatMap((moment) => secondsOf(moment) ?? []);
  return instants.flatMap((a, index) => instants.slice(index + 1).map((b) => exactly(Math.abs(a - b), unitOf("s"))));
}

/** Takes names out of a text, each as a whole. A name that reads as a figure (`1`, `5m`) stays: it could hide one. */
function withoutNames(text: string, names: readonly string[]): string {
  const own = names.filter((name) => /\p{L}/u.test(name) && !readFigure(name));
  if (own.length === 0) return text;
  const longestFirst = own.sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "giu"), " ");
}

/**
 * The figures of `text` that stand in none of the quotes. A figure may be rounded or in another unit, a moment told less
 * finely; whatever else has a digit in it (a version, a commit, a pod) must stand in a quote, or in `vocabulary`, letter
 * for letter.
 */
export function unsupportedFigures(
  text: string,
  quotes: readonly (string | Ground)[],
  vocabulary: readonly string[] = [],
): string[] {
  if (text.length > MAX_TEXT) return [`${text.length} characters, more than the ${MAX_TEXT} that are checked`];
  const grounds = groundsOf(
    quotes.map((quote) => (typeof quote === "string" ? { before: "", quote, after: "" } : quote)).map(bounded),
  );
  const said: Said = { quantities: quantitiesIn(text), compares: COMPARES.test(text) };
  const { moments, rest } = takeMoments(withoutNames(sameForm(text), vocabulary.map(sameForm)));
  const wrongMoments = moments.filter((claimed) => !grounds.moments.some((quoted) => sameMoment(claimed, quoted)));
  const tokens = numericTokens(rest).filter((token) => !isSupported(token, grounds, said));
  const words = spelledFigures(rest).filter(
    ({ said, holds }) => !holds(grounds.figures, sameFigure) && !grounds.texts.some((quoted) => standsIn(quoted, said)),
  );
  return [
    ...wrongMoments.map(({ said }) => said),
    ...tokens.map(({ token }) => token),
    ...words.map(({ said }) => said),
  ];
}
