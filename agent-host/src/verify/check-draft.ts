import {
  type Catalog,
  type CheckedClaim,
  type Claim,
  type Cut,
  checkClaim,
  type Draft,
  type Evidence,
  type EvidenceKey,
  type Failure,
} from "@oncall-copilot/core";
import { withoutClauses } from "./without-clauses.ts";

/** What a draft is checked against. */
export interface Grounds {
  /** Everything the tools returned, by id. */
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly key: EvidenceKey;
  readonly catalog: Catalog;
  /** Names with digits in them that are no figures. */
  readonly vocabulary: readonly string[];
}

/** A draft's sentences after checking: only what holds is left. */
export interface CheckedDraft {
  readonly diagnosis: Claim | null;
  readonly claims: readonly Claim[];
  readonly ruledOut: readonly { theory: string; because: Claim }[];
  readonly suspects: readonly { name: string; score: number; why: Claim | null }[];
  readonly cut: readonly Cut[];
  readonly failures: readonly Failure[];
  /** Something failed that the reader would miss: more than one citation of several, or a clause. */
  readonly matters: boolean;
}

/** Every claim that holds, wherever it stands in the report. */
export function heldClaims(checked: Pick<CheckedDraft, "diagnosis" | "claims" | "ruledOut" | "suspects">): Claim[] {
  const suspects = checked.suspects.flatMap(({ why }) => (why ? [why] : []));
  return [
    ...(checked.diagnosis ? [checked.diagnosis] : []),
    ...checked.claims,
    ...checked.ruledOut.map(({ because }) => because),
    ...suspects,
  ];
}

/** Checks every sentence of a draft. What fails is left out and listed in `cut`; nothing is repaired here. */
export function checkDraft(draft: Draft, grounds: Grounds): CheckedDraft {
  const cut: Cut[] = [];
  const failures: Failure[] = [];
  const { vocabulary } = grounds;
  let matters = false;
  const check = (claim: Claim, what: string): Claim | null => {
    const checked = checkClaim(claim, grounds.evidence, grounds.key, vocabulary);
    failures.push(...checked.failures);
    for (const { id, quote, why } of checked.failures) {
      if (id !== undefined) cut.push({ what: "citation", text: quote ?? "", why: `${id}: ${why}` });
    }
    if (checked.claim) return checked.claim;
    const reason = checked.failures.find(({ id }) => id === undefined)?.why ?? "no citation that supports it holds";
    const kept = checked.unborne && trimmed(claim, checked.unborne, grounds);
    cut.push({ what: kept ? `clause of a ${what}` : what, text: claim.text, why: reason });
    if (kept) return kept;
    matters = true;
    const citations = checked.unborne?.citations;
    return what === "diagnosis" && citations ? inPlainWords(draft, citations) : null;
  };
  const diagnosis = check(draft.diagnosis, "diagnosis");
  const claims = draft.claims.flatMap((claim) => check(claim, "claim") ?? []);
  const ruledOut = draft.ruled_out.flatMap(({ theory, because }) => {
    const held = check(because, "theory ruled out");
    // What a theory would have meant is no statement of fact, so its figures are held to nothing.
    return held ? [{ theory: theory.slice(0, MAX_THEORY), because: held }] : [];
  });
  const named = new Set<string>();
  const suspects = draft.suspects.flatMap((suspect) => {
    const entry = grounds.catalog.find(suspect.name);
    if (!entry || named.has(entry.name)) {
      cut.push({ what: "suspect", text: suspect.name, why: entry ? "named twice" : "not in the catalog" });
      return [];
    }
    named.add(entry.name);
    return [{ name: entry.name, score: clamp(suspect.score), why: check(suspect.why, "reason for a suspect") }];
  });
  return { diagnosis, claims, ruledOut, suspects: suspects.sort((a, b) => b.score - a.score), cut, failures, matters };
}

/** Characters of a theory that are shown. */
const MAX_THEORY = 500;

/** The claim without the clauses whose figures no quote bears out, when the rest of it holds. */
function trimmed(claim: Claim, unborne: NonNullable<CheckedClaim["unborne"]>, grounds: Grounds): Claim | undefined {
  const text = withoutClauses(claim.text, unborne.figures);
  if (text === undefined) return undefined;
  return checkClaim({ ...claim, ...unborne.citations, text }, grounds.evidence, grounds.key, grounds.vocabulary).claim;
}

/** The diagnosis by its fields, when the engine's sentence cannot be kept and what it cites holds. */
function inPlainWords({ culprit, family }: Draft, citations: Omit<Claim, "text">): Claim | null {
  return culprit === null ? null : { text: `${culprit}: ${family.replaceAll("_", " ")}.`, ...citations };
}

const clamp = (score: number) => (Number.isFinite(score) ? Math.min(1, Math.max(0, score)) : 0);
