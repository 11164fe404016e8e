import { Evidence } from "@oncall-copilot/core";
import { z } from "zod";

const Place = z
  .array(z.number())
  .length(2)
  .optional()
  .describe("characters of the evidence's text that say it: from, to");

const Statistics = z.strictObject({
  basis: z.enum(["fingerprint", "alike"]).describe("which incidents these figures are over"),
  count: z.number(),
  open: z.number().describe("unresolved then"),
  last_90_days: z.number(),
  last_365_days: z.number(),
  last_at: z.string(),
  median_seconds: z.number().nullable().describe("time to resolve"),
  p25_seconds: z.number().nullable(),
  p75_seconds: z.number().nullable(),
  root_causes: z.array(
    z.strictObject({
      root_cause: z.string(),
      count: z.number(),
      no_fault: z.literal(true).optional().describe("it says that nothing was wrong"),
      quote: Place,
    }),
  ),
  fixes: z.array(
    z.strictObject({
      fix: z.string(),
      worked: z.number(),
      failed: z.number(),
      unknown: z.number(),
      median_seconds: z.number().nullable().describe("time to resolve where it worked"),
      reverts: z.literal(true).optional().describe("it took a change back"),
      quote: Place,
    }),
  ),
  evidence: Evidence,
});
export type StatisticsOutput = z.infer<typeof Statistics>;

const PastIncident = z.strictObject({
  id: z.string(),
  match: z.enum(["fingerprint", "alike"]),
  likeness: z.number().describe("0 to 1"),
  started_at: z.string(),
  duration_seconds: z.number().nullable().describe("null: not resolved yet"),
  fix_worked: z.boolean().nullable(),
  evidence: Evidence.describe("summary, root cause and fix in its own words; url: its pull request, if any"),
});
export type IncidentOutput = z.infer<typeof PastIncident>;

export const HistoryOutput = z.object({
  matches: z.strictObject({ fingerprint: z.number(), alike: z.number() }),
  stats: Statistics.nullable(),
  incidents: z.array(PastIncident).describe("same fingerprint first, then most alike; recent first"),
});
export type HistoryOutput = z.infer<typeof HistoryOutput>;
