import { z } from "zod";

/** What an alert is once its sender no longer matters: one Incident out of any payload. */
export const Incident = z.strictObject({
  /** Stable for the same alert firing: fingerprint and start. */
  id: z.string(),
  /** The same for every occurrence of the same trouble; see `alertFingerprint`. */
  fingerprint: z.string(),
  source: z.enum(["alertmanager", "cloudwatch"]),
  status: z.enum(["firing", "resolved"]),
  alert: z.string().describe("the alert's name"),
  /** As the alert names it; null when no label does. The host resolves it against the catalog. */
  service: z.string().nullable(),
  severity: z.string().nullable(),
  summary: z.string(),
  description: z.string(),
  started_at: z.string().describe("RFC 3339, UTC"),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** Where the alert can be seen. */
  url: z.string().nullable(),
  /** The other firing alerts of the same group, folded into this incident. */
  related: z.array(
    z.strictObject({ alert: z.string(), service: z.string().nullable(), summary: z.string(), started_at: z.string() }),
  ),
  /** What was missing or odd in the payload, for the report's gaps. */
  notes: z.array(z.string()),
});
export type Incident = z.infer<typeof Incident>;
