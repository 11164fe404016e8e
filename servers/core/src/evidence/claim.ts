import { z } from "zod";
import { EVIDENCE_ID, type Evidence } from "./evidence.ts";
import { type Figure, readFigure, sameFigure } from "./numbers.ts";
import { type EvidenceKey, verifyEvidence } from "./receipt.ts";

export const Citation = z.strictObject({
  id: z.string().regex(EVIDENCE_ID).describe("evidence id"),
  quote: z.string().min(1).describe("part of that evidence's text, byte for byte"),
});
export type Citation = z.infer<typeof Citation>;

export const Claim = z.strictObject({
  text: z.string().min(1).describe("one sentence; each figure in it stands in a quote below"),
  supports: z.array(Citation).describe("what supports it"),
  contradicts: z.array(Citation).describe("what speaks against it; empty if nothing does"),
});
export type Claim = z.infer<typeof Claim>;

/** Why a citation or claim does not hold, for the log and the model's one repair round. */
export interface Failure {
  readonly claim: string;
  readonly id?: string;
  readonly quote?: string;
  readonly why: string;
}

/** Fewest visible characters of a quote: below that it stands in almost any text and shows nothing. */
const SHORTEST_QUOTE = 4;

/** Why a citation does not hold, or undefined when it does: known, receipt verifies, quote is part of the text. */
export function checkCitation(
  citation: Citation,
  known: ReadonlyMap<string, Evidence>,
  key: EvidenceKey,
): string | undefined {
  const evidence = known.get(citation.id);
  if (!evidence) return "no tool returned evidence with this id";
  if (!verifyEvidence(key, evidence)) return "the receipt does not verify: id, text, url or at was changed";
  if (!evidence.text.includes(citation.quote)) return "the quote is not part of the evidence's text, byte for byte";
  const visible = citation.quote.replace(/\s/g, "").length;
  if (visible < SHORTEST_QUOTE && citation.quote !== evidence.text) {
    return `the quote is too short to show anything (${visible} visible characters, at least ${SHORTEST_QUOTE})`;
  }
  return undefined;
}

/** Words that are figures. Small ones ("two services") count things in view and are left to the reader. */
const NUMBER_WORDS =
  /\b(?:eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|twice|doubled?|tripled?|halved?)\b/gi;

/** Names with a digit that are vocabulary and no figure. */
const VOCABULARY =
  /^(?:p\d{1,2}(?:\.\d+)?|[1-5]xx|http\/[123](?:\.\d)?|utf-8|sha-?256|k8s|s3|ec2|oauth2|ipv[46]|log4j)$/i;

const EDGES = /^[\s"'`“”‘’([{<~≈+]+|[\s"'`“”‘’)\]}>.,;:!?]+$/g;

/** The tokens of a claim that carry a digit, without the punctuation around them. */
function numericTokens(text: string): { token: string; next: string }[] {
  const words = text.split(/[\s–—]+|→|\.\.\.|…/u).filter((word) => word !== "");
  return words.flatMap((word, index) => {
    const token = word.replace(EDGES, "");
    // "57-fold" and "15-minute" are a figure and its word.
    const [, figure, tail] = /^([\d.,]+)-([a-z]+)$/i.exec(token) ?? [];
    if (figure !== undefined) return [{ token: figure, next: tail ?? "" }];
    return /\p{N}/u.test(token) ? [{ token, next: (words[index + 1] ?? "").replace(EDGES, "") }] : [];
  });
}

function withUnit(figure: Figure, next: string): Figure {
  const unit = figure.unit === "" ? readFigure(`1${next}`)?.unit : undefined;
  return unit ? { ...figure, unit } : figure;
}

/** Every figure in a quote, also those glued into `key=12ms`, `1.84→0.09` or `12/40`. */
function figuresOf(quote: string): Figure[] {
  const tokens = quote.normalize("NFKC").split(/[^\p{L}\p{N}.,%×+-]+/u);
  return tokens.flatMap((token, index) => {
    const pieces = [token, ...token.split(/(?<=\d)-(?=\d)|[+×]/)].map((piece) =>
      piece.replace(EDGES, "").replace(/^-+|-+$/g, ""),
    );
    return [...new Set(pieces)].flatMap((piece) => {
      const figure = readFigure(piece) ?? readFigure(/^(?:[\d,]+\.)?[\d,]*\d/.exec(piece)?.[0] ?? "");
      return figure ? [withUnit(figure, tokens[index + 1] ?? "")] : [];
    });
  });
}

/**
 * The figures of `text` that stand in none of the quotes. A figure may be rounded or in another unit; whatever else has
 * a digit in it (a time, a version, a commit, a pod) must stand in a quote, or in `vocabulary`, letter for letter.
 */
export function unsupportedFigures(
  text: string,
  quotes: readonly string[],
  vocabulary: readonly string[] = [],
): string[] {
  const haystack = quotes.join("\n").normalize("NFKC").toLowerCase();
  const figures = quotes.flatMap(figuresOf);
  const known = [...vocabulary].map((name) => name.toLowerCase()).sort((a, b) => b.length - a.length);
  let rest = text.normalize("NFKC").toLowerCase();
  for (const name of known) rest = rest.replaceAll(name, " ");
  const missing = numericTokens(rest).flatMap(({ token, next }) => {
    if (VOCABULARY.test(token)) return [];
    const figure = readFigure(token);
    if (figure) return figures.some((quoted) => sameFigure(withUnit(figure, next), quoted)) ? [] : [token];
    return haystack.includes(token) ? [] : [token];
  });
  const words = [...rest.matchAll(NUMBER_WORDS)].map((match) => match[0]).filter((word) => !haystack.includes(word));
  return [...missing, ...words];
}

export interface CheckedClaim {
  /** The claim with the citations that hold, or undefined when it does not hold at all. */
  readonly claim: Claim | undefined;
  readonly failures: readonly Failure[];
}

/**
 * A claim holds when at least one supporting citation holds and each figure in its text stands in a quote of a citation
 * that holds. Citations that fail are dropped and reported either way.
 */
export function checkClaim(
  claim: Claim,
  known: ReadonlyMap<string, Evidence>,
  key: EvidenceKey,
  vocabulary: readonly string[] = [],
): CheckedClaim {
  const failures: Failure[] = [];
  const keep = (citations: readonly Citation[]) =>
    citations.filter((citation) => {
      const why = checkCitation(citation, known, key);
      if (why) failures.push({ claim: claim.text, id: citation.id, quote: citation.quote, why });
      return why === undefined;
    });
  const supports = keep(claim.supports);
  const contradicts = keep(claim.contradicts);
  if (supports.length === 0) {
    failures.push({ claim: claim.text, why: "no citation that supports it holds" });
    return { claim: undefined, failures };
  }
  const quotes = [...supports, ...contradicts].map((citation) => citation.quote);
  const missing = unsupportedFigures(claim.text, quotes, vocabulary);
  if (missing.length > 0) {
    failures.push({ claim: claim.text, why: `these figures stand in no quote it cites: ${missing.join(", ")}` });
    return { claim: undefined, failures };
  }
  return { claim: { text: claim.text, supports, contradicts }, failures };
}
