import { z } from "zod";

const instant = z.number().int().nonnegative();

/** How a case went, in figures and few words: what is learned from, and kept when its report is long gone. Times are epoch milliseconds. */
export const CaseOutcome = z.strictObject({
  /** Hash of what it was made of: made again when that has moved. */
  of: z.string(),
  /** Of its last report; null when there was none. */
  outcome: z.string().nullable(),
  confidence: z.string().nullable(),
  family: z.string().nullable(),
  culprit: z.string().nullable(),
  /** The alert's own summary. */
  summary: z.string(),
  root_cause: z.string().nullable(),
  proposed: z
    .strictObject({
      kind: z.string(),
      title: z.string(),
      service: z.string().nullable(),
      commit: z.string().nullable(),
    })
    .nullable(),
  /** What a person decided last and was carried out; `edit` only where nothing followed it. */
  decided: z
    .strictObject({
      verb: z.enum(["approve", "edit", "reject"]),
      reason: z.string().nullable(),
      words: z.string().nullable(),
      at: instant,
    })
    .nullable(),
  /** Whether people put edits of their own on the draft. */
  edited: z.boolean(),
  merged_at: instant.nullable(),
  cleared_at: instant.nullable(),
  /** From the merge to the last alert's end; null when either did not happen, or in the other order. */
  cleared_after_merge_ms: z.number().nonnegative().nullable(),
  came_back_at: instant.nullable(),
  /** The page that was shown, and how it looked out of date. */
  runbook: z.strictObject({ page: z.string(), url: z.string(), signs: z.array(z.string()) }).nullable(),
  tokens: z.number().int().nonnegative(),
  /** Null when the model's price is not known. */
  dollars: z.number().nonnegative().nullable(),
});
export type CaseOutcome = z.infer<typeof CaseOutcome>;
