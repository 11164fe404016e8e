import type {
  Candidate,
  Catalog,
  CatalogEntry,
  Claim,
  Draft,
  Evidence,
  EvidenceKey,
  Failure,
  Family,
  Incident,
} from "@oncall-copilot/core";
import type { ToolCall } from "../tools/toolbox.ts";
import { blindSpots } from "./catalog-gaps.ts";
import { type CheckedDraft, checkDraft, heldClaims } from "./check-draft.ts";
import { kindOf } from "./kinds.ts";
import { type Settled, settleOutcome } from "./settle-outcome.ts";
import { callersOf } from "./what-stands-out.ts";

/** What a draft is read against. */
export interface Known {
  readonly incident: Incident;
  readonly service: string | null;
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly calls: readonly ToolCall[];
  readonly catalog: Catalog;
}

/** Names with digits in them that are no figures: the catalog's, and no others, since `open_pr` knows no others. */
export function vocabularyOf(catalog: Catalog): string[] {
  return catalog.names.filter((name) => /\d/.test(name));
}

/** Outcome and confidence of a checked draft. */
export function settle(
  checked: CheckedDraft,
  reading: { family: Family; culprit: CatalogEntry | null; candidates: readonly Candidate[] },
  { incident, service, evidence, calls, catalog }: Known,
): Settled {
  const { diagnosis } = checked;
  return settleOutcome({
    ...reading,
    callers: reading.culprit === null ? [] : callersOf(reading.culprit.name, catalog),
    service,
    blindSpots: reading.culprit === null ? [] : blindSpots(catalog, service, reading.culprit.name),
    page: Date.parse(incident.started_at),
    diagnosis,
    claims: [...(diagnosis ? [diagnosis] : []), ...checked.claims, ...suspectClaim(checked, reading.culprit)],
    evidence,
    calls,
  });
}

/**
 * What an engine may be told of its draft while it can still mend it: what would be cut, when a reader would miss it, and which kind
 * of evidence is missing where code would not follow it to its culprit.
 */
export function reviewDraft(draft: Draft, input: Known & { readonly key: EvidenceKey }): readonly Failure[] {
  const vocabulary = vocabularyOf(input.catalog);
  const checked = checkDraft(draft, { ...input, vocabulary });
  const culprit = draft.culprit ? (input.catalog.find(draft.culprit) ?? null) : null;
  const family = settleFamily(draft, culprit, checked, input.evidence);
  const { outcome, confidence, lacks } = settle(checked, { family, culprit, candidates: [] }, input);
  const lowered = culprit !== null && checked.diagnosis !== null && outcome === "inconclusive";
  const why = `code would call it inconclusive: ${confidence.why}. It would count further: ${lacks.map(({ kind, supply }) => `${kind} (${supply})`).join("; ")}`;
  const weak: Failure[] = lowered ? [{ claim: draft.diagnosis.text, why }] : [];
  return checked.matters || lowered ? [...checked.failures, ...weak] : [];
}

export function settleFamily(
  draft: Draft | null,
  culprit: CatalogEntry | null,
  checked: CheckedDraft,
  evidence: ReadonlyMap<string, Evidence>,
): Family {
  if (!draft || !checked.diagnosis) return "other";
  if (draft.family === "no_fault") return culprit === null ? "no_fault" : "other";
  const cited = citedEvidence(heldClaims(checked), evidence);
  if (draft.family === "bad_deployment" && !cited.some(({ id }) => kindOf(id) === "changes")) return "other";
  return draft.family;
}

/** The reason given for the suspect that is the culprit speaks of the culprit as much as a claim does. */
function suspectClaim(checked: CheckedDraft, culprit: CatalogEntry | null): Claim[] {
  const why = checked.suspects.find(({ name }) => name === culprit?.name)?.why;
  return why ? [why] : [];
}

export function citedEvidence(claims: readonly Claim[], evidence: ReadonlyMap<string, Evidence>): Evidence[] {
  const ids = new Set(claims.flatMap((claim) => [...claim.supports, ...claim.contradicts].map(({ id }) => id)));
  return [...ids].flatMap((id) => evidence.get(id) ?? []);
}
