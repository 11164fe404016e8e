import {
  type AlsoFound,
  type Candidate,
  type Catalog,
  checkCitation,
  checkClaim,
  type Draft,
  type Evidence,
  type EvidenceKey,
  type Gap,
  groundsOf,
  type Incident,
  type ProposedFix,
  Report,
} from "@oncall-copilot/core";
import type { EngineResult } from "../engines/engine.ts";
import { asked, type ToolCall } from "../tools/toolbox.ts";
import { gateByTrial } from "../trial/gate.ts";
import type { Trial } from "../trial/trial.ts";
import { catalogGaps, missingEdgeGap } from "./catalog-gaps.ts";
import { type CheckedDraft, checkDraft, type Grounds, heldClaims } from "./check-draft.ts";
import { checkFix, noFix } from "./check-fix.ts";
import { runbookOf, similarIncidents } from "./from-answers.ts";
import { knownFacts } from "./known-facts.ts";
import { citedEvidence, settle, settleFamily, vocabularyOf } from "./reading.ts";
import { whatStandsOut } from "./what-stands-out.ts";

export interface VerifyInput {
  readonly incident: Incident;
  readonly service: string | null;
  readonly asOf: number;
  readonly engine: Report["engine"];
  readonly result: EngineResult;
  /** How the commits stand that could be why the culprit fails; undefined when nobody is named, or changes cannot be seen. */
  readonly trial: Trial | undefined;
  readonly calls: readonly ToolCall[];
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly gaps: readonly Gap[];
  readonly key: EvidenceKey;
  readonly catalog: Catalog;
  /** Edges that it has by what logs tell alone. */
  readonly missingEdges?: Report["missing_edges"];
  readonly seconds: number;
}

const NOTHING: CheckedDraft = {
  diagnosis: null,
  claims: [],
  ruledOut: [],
  suspects: [],
  cut: [],
  failures: [],
  matters: false,
};

/** Turns an engine's draft into the report: what does not hold is cut and counted, and code settles what it amounts to. */
export function verify(input: VerifyInput): Report {
  const { draft } = input.result;
  const vocabulary = vocabularyOf(input.catalog);
  const first = draft ? checkDraft(draft, { ...input, vocabulary }) : NOTHING;
  const refuted = draft?.family === "no_fault" ? whatStandsOut(first, input) : undefined;
  const checked: CheckedDraft = refuted ? { ...first, diagnosis: null, cut: [...first.cut, refuted] } : first;
  const alsoFound = checkAlsoFound(input.result.alsoFound ?? [], { ...input, vocabulary });
  const claims = [...heldClaims(checked), ...alsoFound.map(({ why }) => why)];
  const named = draft?.culprit ? (input.catalog.find(draft.culprit) ?? null) : null;
  const culprit = checked.diagnosis ? named : null;
  const family = settleFamily(draft, culprit, checked, input.evidence);
  const candidates = checkCandidates(input.trial?.candidates ?? input.result.candidates ?? [], input);
  const { lacks: _, ...settled } = settle(checked, { family, culprit, candidates }, input);
  const cited = citedEvidence(claims, input.evidence);
  const quotes = groundsOf(
    claims.flatMap(({ supports, contradicts }) => [...supports, ...contradicts]),
    input.evidence,
  );
  const { fix: proposed, cut } = settleFix(draft, input, { ...settled, family, cited, quotes, vocabulary });
  const { judged, cut: gated } = gateByTrial({ ...settled, family, fix: proposed }, input.trial);
  const runbook = runbookOf(draft?.runbook ?? null, input.calls, input.evidence);
  const similar = similarIncidents(input.calls, input.evidence);
  const known = knownFacts({ ...input, page: Date.parse(input.incident.started_at) });
  const shown = new Set([
    ...cited.map(({ id }) => id),
    ...candidates.flatMap(({ evidence }) => evidence?.id ?? []),
    ...(runbook ? [runbook.evidence_id] : []),
    ...similar,
    ...[...known.turned, ...known.deployed, ...(input.missingEdges ?? [])].map(({ evidence_id }) => evidence_id),
  ]);
  return Report.parse({
    schema_version: 3,
    incident: input.incident,
    service: input.service,
    as_of: new Date(input.asOf).toISOString(),
    engine: input.engine,
    ...judged,
    culprit: culprit ? { name: culprit.name, kind: culprit.kind } : null,
    diagnosis: checked.diagnosis,
    claims: checked.claims,
    ruled_out: checked.ruledOut,
    suspects: checked.suspects.map((suspect) => ({ ...suspect, kind: input.catalog.get(suspect.name).kind })),
    candidates,
    also_found: alsoFound,
    settled: ONE_LOOK,
    known,
    runbook,
    similar,
    pull_request: null,
    vocabulary,
    gaps: gapsOf(input),
    missing_edges: [...(input.missingEdges ?? [])],
    cut: [...checked.cut, ...cut, ...gated],
    evidence: [...shown].flatMap((id) => input.evidence.get(id) ?? []),
    cost: { tool_calls: asked(input.calls), ...input.result.usage, seconds: Math.round(input.seconds * 1000) / 1000 },
  });
}

/** One look, and no other is planned. */
const ONE_LOOK: Report["settled"] = { final: true, next_look_at: null, would_decide: [] };

/** Candidates with the citations that hold. */
function checkCandidates(candidates: readonly Candidate[], { evidence, key }: VerifyInput): Candidate[] {
  return candidates.map((candidate) => {
    const cited = candidate.evidence;
    const holds = cited !== null && checkCitation(cited, evidence, key) === undefined;
    return { ...candidate, evidence: holds ? cited : null };
  });
}

/** Of other faults, those whose reason holds. */
function checkAlsoFound(found: readonly AlsoFound[], { evidence, key, vocabulary }: Grounds): AlsoFound[] {
  return found.flatMap((fault) => {
    const { claim } = checkClaim(fault.why, evidence, key, vocabulary);
    return claim ? [{ ...fault, why: claim }] : [];
  });
}

function settleFix(
  draft: Draft | null,
  input: VerifyInput,
  grounds: Omit<Parameters<typeof checkFix>[1], "all">,
): { fix: ProposedFix; cut: Report["cut"] } {
  if (!draft) return { fix: noFix(input.result.note ?? "the engine made no report"), cut: [] };
  const service = draft.fix.service === null ? null : (input.catalog.find(draft.fix.service)?.name ?? null);
  return checkFix({ ...draft.fix, service }, { ...grounds, all: input.evidence.values() });
}

/** Gaps once each; the same reason for several services is one gap that names them all. */
function gapsOf({ gaps, incident, catalog, service, missingEdges = [] }: VerifyInput): Gap[] {
  const ofAlert = incident.notes.map(
    (why): Gap => ({ server: "intake", tool: null, code: "alert", about: [], what: "the alert itself", why }),
  );
  const merged = new Map<string, { gap: Gap; subjects: Set<string> }>();
  const ofCatalog = [...catalogGaps(catalog, service), ...missingEdges.map((edge) => missingEdgeGap(edge, catalog))];
  for (const gap of [...gaps, ...ofCatalog, ...ofAlert]) {
    const identity = JSON.stringify([gap.server, gap.tool, gap.why]);
    const subject = gap.tool === null ? gap.what : (gap.about[0] ?? gap.what);
    const known = merged.get(identity);
    if (!known) merged.set(identity, { gap, subjects: new Set([subject]) });
    else if (!known.subjects.has(subject)) {
      known.subjects.add(subject);
      const about = [...new Set([...known.gap.about, ...gap.about])];
      known.gap = { ...known.gap, about, what: `${known.gap.what}, ${subject}` };
    }
  }
  return [...merged.values()].map(({ gap }) => gap);
}
