import { z } from "zod";
import { EVIDENCE_ID, type Evidence } from "./evidence.ts";
import { type Ground, unsupportedFigures } from "./figures.ts";
import { groundOf, isWhole } from "./quote.ts";
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
/** Most characters of a claim: more is no sentence, and would only cost time to check. */
const LONGEST_CLAIM = 2_000;
/** Most citations of a claim, for and against: each costs time to check. */
const MAX_CITATIONS = 40;

/** Why a citation does not hold, or undefined when it does: known, receipt verifies, quote is part of the text. */
export function checkCitation(
  citation: Citation,
  known: ReadonlyMap<string, Evidence>,
  key: EvidenceKey,
): string | undefined {
  const evidence = known.get(citation.id);
  if (!evidence) return "no tool returned evidence with this id";
  if (!verifyEvidence(key, evidence)) return "the receipt does not verify: a field of the evidence was changed";
  if (!evidence.text.includes(citation.quote)) return "the quote is not part of the evidence's text, byte for byte";
  const visible = citation.quote.replace(/\s/g, "").length;
  if (visible < SHORTEST_QUOTE && citation.quote !== evidence.text) {
    return `the quote is too short to show anything (${visible} visible characters, at least ${SHORTEST_QUOTE})`;
  }
  if (!isWhole(evidence.text, citation.quote)) return "the quote begins or ends inside a word or a figure";
  return undefined;
}

export interface CheckedClaim {
  /** The claim with the citations that hold, or undefined when it does not hold at all. */
  readonly claim: Claim | undefined;
  readonly failures: readonly Failure[];
  /** When it fails by its figures alone: these, and the citations that hold all the same. */
  readonly unborne?: { readonly figures: readonly string[]; readonly citations: Omit<Claim, "text"> };
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
  if (claim.text.length > LONGEST_CLAIM) {
    const why = `the claim is longer than ${LONGEST_CLAIM} characters; one sentence is meant`;
    return { claim: undefined, failures: [{ claim: `${claim.text.slice(0, 120)}...`, why }] };
  }
  const failures: Failure[] = [];
  const keep = (citations: readonly Citation[]) =>
    citations.filter((citation) => {
      const why = checkCitation(citation, known, key);
      if (why) failures.push({ claim: claim.text, id: citation.id, quote: citation.quote, why });
      return why === undefined;
    });
  const bounded = (citations: readonly Citation[], most: number) => {
    for (const { id, quote } of citations.slice(most))
      failures.push({ claim: claim.text, id, quote, why: `a claim has at most ${MAX_CITATIONS} citations` });
    return keep(citations.slice(0, most));
  };
  const supports = bounded(claim.supports, MAX_CITATIONS);
  const contradicts = bounded(claim.contradicts, MAX_CITATIONS - Math.min(MAX_CITATIONS, claim.supports.length));
  if (supports.length === 0) {
    failures.push({ claim: claim.text, why: "no citation that supports it holds" });
    return { claim: undefined, failures };
  }
  const missing = unsupportedFigures(claim.text, groundsOf([...supports, ...contradicts], known), vocabulary);
  if (missing.length > 0) {
    failures.push({ claim: claim.text, why: `these figures stand in no quote it cites: ${missing.join(", ")}` });
    return { claim: undefined, failures, unborne: { figures: missing, citations: { supports, contradicts } } };
  }
  return { claim: { text: claim.text, supports, contradicts }, failures };
}

/** What these citations give to figures: their quotes, with the names and units of the lines they were taken from. */
export function groundsOf(citations: readonly Citation[], known: ReadonlyMap<string, Evidence>): Ground[] {
  return citations.flatMap(({ id, quote }) => {
    const item = known.get(id);
    return item ? [groundOf(item.text, quote)] : [];
  });
}
