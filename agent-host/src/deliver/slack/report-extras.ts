import type { Report } from "@oncall-copilot/core";
import { z } from "zod";

/** What newer reports say besides: read leniently, so that a case whose looks were made by two versions still shows. */
const Extras = z.object({
  candidates: z
    .array(
      z.object({
        service: z.string(),
        sha: z.string(),
        verdict: z.enum(["kept", "cleared"]),
        reason: z.object({ text: z.string() }),
      }),
    )
    .catch([])
    .default([]),
  also_found: z
    .array(z.object({ name: z.string(), why: z.object({ text: z.string() }) }))
    .catch([])
    .default([]),
  settled: z
    .object({ final: z.boolean(), next_look_at: z.string().nullable(), would_decide: z.array(z.string()) })
    .catch({ final: true, next_look_at: null, would_decide: [] })
    .default({ final: true, next_look_at: null, would_decide: [] }),
});
export type ReportExtras = z.infer<typeof Extras>;

export const extrasOf = (report: Report): ReportExtras => Extras.parse(report);
