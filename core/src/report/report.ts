import { z } from "zod";
import { Citation, Claim } from "../evidence/claim.ts";
import { Evidence } from "../evidence/evidence.ts";
import { Incident } from "../incident/incident.ts";
import { Family } from "./family.ts";
import { Gap } from "./gap.ts";

export const Edit = z.strictObject({
  path: z.string().describe("file in the service's repository"),
  old_text: z.string().describe("occurs exactly once in it"),
  new_text: z.string(),
});
export type Edit = z.infer<typeof Edit>;

/** A fix as an engine proposes it. Flat and without unions, so that every structured-output mode takes it. */
export const ProposedFix = z.strictObject({
  kind: z.enum(["revert", "edits", "none"]),
  service: z.string().nullable().describe("catalog name of the service whose repository changes"),
  commit: z.string().nullable().describe("full SHA to revert"),
  edits: z.array(Edit),
  title: z.string().describe("imperative, under 70 characters"),
  why: z.string().describe("why this fix, or why none"),
  verify: z.string().describe("how to see that it worked"),
});
export type ProposedFix = z.infer<typeof ProposedFix>;

/** What an engine hands over: its reading, before code has checked a word of it. */
export const Draft = z.strictObject({
  family: Family,
  culprit: z.string().nullable().describe("catalog name of the service or resource at fault, null if none"),
  diagnosis: Claim,
  claims: z.array(Claim),
  ruled_out: z.array(z.strictObject({ theory: z.string(), because: Claim })),
  suspects: z.array(z.strictObject({ name: z.string(), score: z.number().describe("0 to 1"), why: Claim })),
  runbook: z.string().nullable().describe("evidence id of the runbook section to show"),
  fix: ProposedFix,
});
export type Draft = z.infer<typeof Draft>;

/** Why a commit is kept as a candidate, or cleared of having done it. */
export const CANDIDATE_REASONS = [
  "own_witness",
  "live_before_turn",
  "only_comments_labels_or_tests",
  "live_after_turn",
  "another_path",
  "taken_back",
  "never_live",
  "rollout_not_known",
] as const;

/** A commit that a roll-out of the culprit or of its shared files carried, and how its trial ended. */
export const Candidate = z.strictObject({
  service: z.string().describe("whose roll-out carried it"),
  sha: z.string(),
  verdict: z.enum(["kept", "cleared"]),
  reason: z.strictObject({ code: z.enum(CANDIDATE_REASONS), text: z.string() }),
  live_at: z.string().nullable().describe("RFC 3339; null when it is not live"),
  evidence: Citation.nullable().describe("what shows it; null when no citation for it held"),
});
export type Candidate = z.infer<typeof Candidate>;

/** A second live fault that does not explain the page. */
export const AlsoFound = z.strictObject({
  name: z.string(),
  kind: z.enum(["service", "resource"]),
  why: Claim,
});
export type AlsoFound = z.infer<typeof AlsoFound>;

/** Whether this is the last look at the incident. */
export const SettledLook = z.strictObject({
  final: z.boolean(),
  /** RFC 3339; null when no further look is planned. */
  next_look_at: z.string().nullable(),
  /** What a further look would have to show, a phrase each. */
  would_decide: z.array(z.string()),
});
export type SettledLook = z.infer<typeof SettledLook>;

/** A fact that an evidence item's own mark states, whatever an engine makes of it. */
const KnownFact = z.strictObject({
  /** Catalog name. */
  name: z.string(),
  /** A signal that turned, a log pattern of failures that is new or rising, or something that was changed. */
  shows: z.enum(["unusual", "failing", "change"]),
  /** The signal, the log pattern's label or the revision; null where the mark names none. */
  of: z.string().nullable(),
  /** When it began, RFC 3339 UTC. */
  at: z.string(),
  evidence_id: z.string(),
});
export type KnownFact = z.infer<typeof KnownFact>;

export const OUTCOME_VALUES = ["root_cause_identified", "likely_cause", "inconclusive", "blocked"] as const;

/** A dependency that the catalog lacks and that a log line tells of: proposed, so that the next triage can follow it. */
const MissingEdge = z.strictObject({
  /** Catalog names. */
  from: z.string(),
  to: z.string(),
  /** The log pattern of `from` that names `to`. */
  evidence_id: z.string(),
});
export type MissingEdge = z.infer<typeof MissingEdge>;

/** What verification cut from the draft, and why: shown, so that a reader can judge the engine. */
const Cut = z.strictObject({ what: z.string(), text: z.string(), why: z.string() });
export type Cut = z.infer<typeof Cut>;

export const Report = z.strictObject({
  schema_version: z.literal(3),
  incident: Incident,
  /** The catalog name the alert's service was resolved to. */
  service: z.string().nullable(),
  /** The moment the investigation stands for, RFC 3339 UTC. */
  as_of: z.string(),
  engine: z.strictObject({
    name: z.enum(["claude", "rules"]),
    model: z.string().nullable(),
    /** Why this engine, when it is not the one that was asked for; or that its budget was spent. */
    note: z.string().nullable(),
    complete: z.boolean(),
    /** The engine that was to look and could not be had; null when this one was the first choice. */
    instead_of: z.enum(["claude"]).nullable(),
  }),
  outcome: z.enum(OUTCOME_VALUES),
  confidence: z.strictObject({
    level: z.enum(["high", "medium", "low", "none"]),
    /** The independent kinds of evidence that agree on the culprit: servers' names. */
    agreeing: z.array(z.string()),
    why: z.string(),
  }),
  family: Family,
  culprit: z.strictObject({ name: z.string(), kind: z.enum(["service", "resource"]) }).nullable(),
  /** "This is X because of Y." Null when no sentence of the engine's held up. */
  diagnosis: Claim.nullable(),
  claims: z.array(Claim),
  ruled_out: z.array(z.strictObject({ theory: z.string(), because: Claim })),
  suspects: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["service", "resource"]),
      score: z.number(),
      /** Null when no citation for it held. */
      why: Claim.nullable(),
    }),
  ),
  /** The commits that could have done it. */
  candidates: z.array(Candidate),
  also_found: z.array(AlsoFound),
  settled: SettledLook,
  /** What is known before anything is concluded. */
  known: z.strictObject({
    /** Who owns the alerting service, by the catalog. */
    owner: z.string().nullable(),
    /** What turned and when, the earliest first. */
    turned: z.array(KnownFact),
    /** What took effect in the last half hour, the latest first. */
    deployed: z.array(KnownFact),
  }),
  /** One section, word for word: the evidence's whole text. */
  runbook: z.strictObject({ evidence_id: z.string(), notes: z.array(z.string()) }).nullable(),
  /** Past incidents, most alike first: evidence ids. */
  similar: z.array(z.string()),
  fix: ProposedFix,
  pull_request: z
    .strictObject({
      url: z.string(),
      branch: z.string(),
      commit: z.string(),
      state: z.enum(["opened", "exists"]),
      diff: z.string(),
    })
    .nullable(),
  /** The fix as a patch, where no draft can be opened: forks are not allowed, or no pull request between the two owners. */
  patch: z.string().optional(),
  gaps: z.array(Gap),
  /** Absent in reports of versions that did not look for them. */
  missing_edges: z.array(MissingEdge).optional(),
  cut: z.array(Cut),
  /** Names with digits in them that the check of figures took for names. */
  vocabulary: z.array(z.string()),
  /** Every item that is cited anywhere above, whole, so that it can be checked offline. */
  evidence: z.array(Evidence),
  cost: z.strictObject({
    tool_calls: z.number(),
    input_tokens: z.number(),
    output_tokens: z.number(),
    cached_input_tokens: z.number(),
    seconds: z.number(),
  }),
});
export type Report = z.infer<typeof Report>;
