import { Edit } from "@oncall-copilot/core";
import { z } from "zod";
import { Decision } from "../decide/decision.ts";
import { CaseOutcome } from "./outcome.ts";

/** Times are epoch milliseconds. */
const instant = z.number().int().nonnegative();

/** A document too large for an item of its own (a report, an engine's state): kept in parts beside the case, named by its hash. */
export const DocumentRef = z.strictObject({
  sha256: z.string(),
  /** Bytes before compression. */
  bytes: z.number().int().nonnegative(),
  parts: z.number().int().positive(),
});
export type DocumentRef = z.infer<typeof DocumentRef>;

/** One look at a case, saved when its report has been verified. Its number counts from 1. */
export const Look = z.strictObject({
  number: z.number().int().positive(),
  began_at: instant,
  ended_at: instant,
  engine: z.string(),
  /** Why this engine, when it is not the one that was asked for: over a limit, or the model stayed away. */
  note: z.string().nullable(),
  outcome: z.string(),
  confidence: z.string(),
  culprit: z.string().nullable(),
  /** Whether its fix may become a draft, should this be the last look. */
  may_propose: z.boolean(),
  /** The sealed report of this look. */
  report: DocumentRef,
  input_tokens: z.number().int().nonnegative(),
  output_tokens: z.number().int().nonnegative(),
  /** Null when the model's price is not known. */
  dollars: z.number().nonnegative().nullable(),
});
export type Look = z.infer<typeof Look>;

/** Why a case has no report, or a lesser one: said in its message. */
export const CaseFailure = z.strictObject({
  at: instant,
  kind: z.enum(["died", "late", "over_budget", "failed"]),
  why: z.string(),
});
export type CaseFailure = z.infer<typeof CaseFailure>;

/** What a person decided on a case, and what became of it. */
export const CaseDecision = z.strictObject({
  /** Of the click or command: sent again, it is the same one. */
  id: z.string(),
  decision: Decision,
  /** The new text of each edit, for `edit`. */
  edits: z.array(Edit).nullable(),
  /** The commit to revert in place of the one that the draft reverts, for `edit`. */
  revert: z.string().nullable().default(null),
  /** When what was decided had been carried out on the draft; null while it has not. */
  carried_out_at: instant.nullable(),
  /** What came of it, or why it was refused. */
  result: z.string().nullable(),
  /** Approved, and a person must mark the draft as ready where it lies: no credential of ours may. */
  by_hand: z.boolean().default(false),
});
export type CaseDecision = z.infer<typeof CaseDecision>;

/** What happened to a case besides its looks, for the message that follows the incident. */
export const CaseEvent = z.strictObject({
  at: instant,
  kind: z.enum([
    "alerts_folded",
    "resolved",
    "back",
    "pull_request_merged",
    "pull_request_closed",
    "decided",
    "reopened_as",
    "ended",
  ]),
  /** In a few words: a case id, who did it, how long it took. */
  what: z.string(),
});
export type CaseEvent = z.infer<typeof CaseEvent>;

/** The one message of a case, as its delivery knows it. */
export const CaseMessage = z.strictObject({
  /** What the delivery needs to change it: opaque to everybody else. */
  ref: z.string(),
  /** Hash of what it shows, so that nothing is sent twice. */
  shows: z.string(),
  posted_at: instant,
  updated_at: instant,
});
export type CaseMessage = z.infer<typeof CaseMessage>;

/** Whoever works on a case, until when, and the token that its writes must show. */
export const Lease = z.strictObject({ case_id: z.string(), worker: z.string(), token: z.string(), until: instant });
export type Lease = z.infer<typeof Lease>;

export const CASE_STATES = ["open", "settled", "ended"] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** What is kept of a case. `open`: looks are to come; `settled`: its final report is out; `ended`: nothing more is expected. */
export const Case = z.strictObject({
  schema_version: z.literal(1),
  id: z.string(),
  state: z.enum(CASE_STATES),
  /** `shadow`: everything runs, nothing is posted or proposed. */
  mode: z.enum(["live", "shadow"]),
  opened_at: instant,
  updated_at: instant,
  settled_at: instant.nullable(),
  ended_at: instant.nullable(),
  /** When the last of its alerts cleared; null while one fires. */
  resolved_at: instant.nullable(),
  /** The alert that opened it. */
  alert: z.strictObject({
    fingerprint: z.string(),
    name: z.string(),
    started_at: instant,
    severity: z.string().nullable(),
    source: z.string(),
  }),
  /** Catalog name of the service that is looked at: the graph chooses it among the alerts that folded in. */
  service: z.string().nullable(),
  looks: z.array(Look),
  /** When the next look is due; null when none is planned. */
  next_look_at: instant.nullable(),
  /** What an engine keeps from one look to the next. */
  carry: DocumentRef.nullable(),
  /** Begun and not yet saved: how often this step was begun tells a step that kills its process. */
  attempt: z.strictObject({ step: z.string(), count: z.number().int().positive(), began_at: instant }).nullable(),
  failure: CaseFailure.nullable(),
  /** Whether the settled fix has been turned into a draft, or needs none. */
  proposed: z.boolean(),
  pull_request: z.strictObject({ url: z.string(), branch: z.string(), commit: z.string() }).nullable(),
  /** When the draft was last looked at where it lies; null when it never was. */
  draft_looked_at: instant.nullable().default(null),
  /** The final report: sealed, with its pull request; null until it is settled. */
  final_report: DocumentRef.nullable(),
  message: CaseMessage.nullable(),
  decisions: z.array(CaseDecision),
  /** How it went so far; null until its alerts have cleared once or it ended. */
  outcome: CaseOutcome.nullable().default(null),
  events: z.array(CaseEvent),
  /** The case of which this one's alert is the return. */
  back_of: z.string().nullable(),
  /** After this many cases of one storm, alerts of services without a known path between them fold in here. */
  widespread: z.boolean(),
  lease: Lease.nullable(),
});
export type Case = z.infer<typeof Case>;

/** One alert of a case. */
export const CaseAlert = z.strictObject({
  fingerprint: z.string(),
  name: z.string(),
  service: z.string().nullable(),
  severity: z.string().nullable(),
  summary: z.string(),
  started_at: instant,
  /** Null while it fires. */
  resolved_at: instant.nullable(),
  received_at: instant,
});
export type CaseAlert = z.infer<typeof CaseAlert>;
