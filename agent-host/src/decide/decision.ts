import { z } from "zod";

/** Why a proposal was rejected; the words beside it are the person's own. */
export const REJECTION_REASONS = ["wrong_cause", "right_cause_wrong_fix", "no_incident", "known", "other"] as const;

/** What a person decided about one report, and on which state of its draft. */
export const Decision = z.strictObject({
  schema_version: z.literal(1),
  /** The incident's id. */
  incident: z.string(),
  verb: z.enum(["approve", "edit", "reject"]),
  /** Who, as the door that authenticated them names them: `slack:U123`, `shell:ada`. */
  by: z.string(),
  /** RFC 3339, UTC. */
  at: z.iso.datetime(),
  /** SHA-256 of the `report.json` that was decided on. */
  report_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The draft branch's head when it was decided on; null where there is no draft. */
  head: z.string().nullable(),
  /** For a rejection. */
  reason: z.enum(REJECTION_REASONS).nullable(),
  words: z.string().nullable(),
});
export type Decision = z.infer<typeof Decision>;

/** The port for decisions. */
export interface DecisionStore {
  /** Makes the decision durable. The first one on a report stands: returns that one, whoever made it. */
  record(decision: Decision): Promise<Decision>;
  /** Decisions on one incident, oldest first. */
  list(incident: string): Promise<readonly Decision[]>;
}
