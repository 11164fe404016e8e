import { Evidence } from "@oncall-copilot/core";
import { z } from "zod";
import { ROLES } from "../signals/role.ts";

const Span = z.strictObject({ from: z.string(), to: z.string() });

export const ShownSignal = z.strictObject({
  signal: z.string(),
  role: z.enum(ROLES),
  change: z.enum(["up", "down", "usual", "stopped", "unmeasured"]),
  score: z.number().describe("0 to 1, by this signal alone"),
  value: z.number().nullable().describe("median since it turned, or of the window"),
  usual: z.number().nullable().describe("median of the baseline"),
  onset: z.string().nullable(),
});
export type ShownSignal = z.infer<typeof ShownSignal>;

export const ShownSuspect = z.strictObject({
  service: z.string(),
  kind: z.enum(["service", "resource"]),
  hops: z.number(),
  score: z.number().describe("0 to 1, over the dependency graph"),
  onset: z.string().nullable(),
  why: z.string(),
  signals: z.array(ShownSignal),
  evidence: Evidence,
});
export type ShownSuspect = z.infer<typeof ShownSuspect>;

export const MetricsAnswer = z.object({
  service: z.string(),
  window: Span,
  baseline: Span,
  suspects: z.array(ShownSuspect).describe("most suspect first; the service asked about is always among them"),
  usual: z.array(z.string()).describe("nothing unusual"),
  missing: z.array(z.string()).describe("no series at all: a gap"),
});
export type MetricsAnswer = z.infer<typeof MetricsAnswer>;
