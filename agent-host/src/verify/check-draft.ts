import {
  type Catalog,
  type Claim,
  type Cut,
  checkClaim,
  type Draft,
  type Evidence,
  type EvidenceKey,
  type Failure,
  unsupportedFigures,
} from "@oncall-copilot/core";

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

/** The quotes of every citation that holds. */
export function heldQuotes(claims: readonly Claim[]): string[] {
  return claims.flatMap((claim) => [...claim.supports, ...claim.contradicts].map(({ quote }) => quote));
}

/** Checks every sentence of a draft. What fails is left out and listed in `cut`; nothing is repaired here. */
export function checkDraft(draft: Draft, grounds: Grounds): CheckedDraft {
  const cut: Cut[] = [];
  const failures: Failure[] = [];
  const { vocabulary } = grounds;
  const check = (claim: Claim, what: string): Claim | null => {
    const checked = checkClaim(claim, grounds.evidence, grounds.key, vocabulary);
    failures.push(...checked.failures);
    for (const { id, quote, why } of checked.failures) {
      if (id !== undefined) cut.push({ what: "citation", text: quote ?? "", why: `${id}: ${why}` });
    }
    const reason = checked.failures.find(({ id }) => id === undefined)?.why;
    if (!checked.claim) cut.push({ what, text: claim.text, why: reason ?? "no citation that supports it holds" });
    return checked.claim ?? null;
  };
  const diagnosis = check(draft.diagnosis, "diagnosis");
  const claims = draft.claims.flatMap((claim) => check(claim, "claim") ?? []);
  const ruledOut = draft.ruled_out.flatMap(({ theory, because }) => {
    const held = check(because, "theory ruled out");
    if (!held) return [];
    const missing = unsupportedFigures(theory, heldQuotes([held]), vocabulary);
    if (missing.length === 0) return [{ theory, because: held }];
    const why = `these figures stand in no quote it cites: ${missing.join(", ")}`;
    failures.push({ claim: theory, why });
    cut.push({ what: "theory ruled out", text: theory, why });
    return [];
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
  return { diagnosis, claims, ruledOut, suspects: suspects.sort((a, b) => b.score - a.score), cut, failures };
}

const clamp = (score: number) => (Number.isFinite(score) ? Math.min(1, Math.max(0, score)) : 0);
