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

/** Suspects further down: one evidence item with a line for each. */
export const MoreSuspects = z.strictObject({
  suspects: z.array(z.strictObject({ service: z.string(), score: z.number(), onset: z.string().nullable() })),
  evidence: Evidence,
});
export type MoreSuspects = z.infer<typeof MoreSuspects>;

/** State changes of alarms on the services' own resources: one evidence item with a line for each. */
export const ShownAlarms = z.strictObject({
  shown: z.number(),
  left_out: z.number(),
  evidence: Evidence,
});
export type ShownAlarms = z.infer<typeof ShownAlarms>;

export const MetricsAnswer = z.object({
  service: z.string(),
  window: Span,
  baseline: Span,
  suspects: z.array(ShownSuspect).describe("most suspect first; the service asked about is always among them"),
  more: MoreSuspects.nullable().describe("the next suspects, a line of evidence each"),
  alarms: ShownAlarms.optional().describe(
    "the backend's own alarms that changed or were on; absent when there are none",
  ),
  usual: z.array(z.string()).describe("nothing unusual"),
  missing: z.array(z.string()).describe("no series at all: a gap"),
});
export type MetricsAnswer = z.infer<typeof MetricsAnswer>;
