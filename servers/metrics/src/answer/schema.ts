import { COULD_NOT_LOOK_REASONS, Evidence } from "@oncall-copilot/core";
import { z } from "zod";
import { ROLES } from "../signals/role.ts";
import { ShownPoints } from "./points.ts";

const Span = z.strictObject({ from: z.string(), to: z.string() });

/**
 * What a signal's `change` alone does not tell: `recovered`, it turned and is usual again; `no_traffic`, its service gets no requests, so that
 * it says nothing, neither way; `refused`, the backend did not give it.
 */
export const SIGNAL_STATES = ["recovered", "no_traffic", "refused"] as const;
export type SignalState = (typeof SIGNAL_STATES)[number];

export const ShownSignal = z.strictObject({
  signal: z.string(),
  role: z.enum(ROLES),
  change: z.enum(["up", "down", "usual", "stopped", "unmeasured"]),
  state: z.enum(SIGNAL_STATES).optional().describe("absent where change tells it all"),
  score: z.number().describe("0 to 1, by this signal alone"),
  value: z.number().nullable().describe("median since it turned, or of the window"),
  usual: z.number().nullable().describe("median of the baseline"),
  times: z.number().optional().describe("of load that is up: the usual, so many times"),
  onset: z.string().nullable(),
  recovered_at: z.string().optional().describe("usual again since; absent while it is on"),
  climbs: z.literal(true).optional().describe("steadily, since the onset"),
  thin: z.literal(true).optional().describe("little to compare with"),
});
export type ShownSignal = z.infer<typeof ShownSignal>;

export const ShownSuspect = z.strictObject({
  service: z.string(),
  kind: z.enum(["service", "resource"]),
  hops: z.number(),
  score: z.number().describe("0 to 1, over the dependency graph"),
  onset: z.string().nullable(),
  recovered_at: z.string().optional().describe("all of it is usual again since"),
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

/** Who calls the service asked about, directly or by one in between, and the services that alerted with it: what of them turned. */
export const ShownCallers = z.strictObject({
  turned: z.array(
    z.strictObject({
      service: z.string(),
      relation: z.enum(["caller", "group"]),
      signal: z.string(),
      change: z.enum(["up", "down", "stopped"]),
      score: z.number(),
      onset: z.string().nullable(),
      recovered_at: z.string().optional(),
    }),
  ),
  usual: z.array(z.string()),
  missing: z.array(z.string()).describe("no series"),
  evidence: Evidence.nullable(),
});
export type ShownCallers = z.infer<typeof ShownCallers>;

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
  baseline: Span.extend({ left_out: z.array(Span).optional().describe("earlier incidents, no part of what is usual") }),
  data_until: z.string().optional().describe("where all series end before the window does: nobody's silence"),
  suspects: z.array(ShownSuspect).describe("most suspect first; the service asked about is always among them"),
  more: MoreSuspects.nullable().describe("the next suspects, a line of evidence each"),
  alarms: ShownAlarms.optional().describe(
    "the backend's own alarms that changed or were on; absent when there are none",
  ),
  callers: ShownCallers.optional(),
  points: ShownPoints.optional().describe("with signal and hops 0: its samples in the window"),
  no_traffic: z
    .array(z.strictObject({ service: z.string(), since: z.string() }))
    .optional()
    .describe("gets no requests: says nothing of its health"),
  unread: z
    .array(
      z.strictObject({
        signal: z.string(),
        services: z.array(z.string()).describe("of whom nothing told it"),
        reason: z.enum(COULD_NOT_LOOK_REASONS),
      }),
    )
    .optional()
    .describe("signals that the backend did not give: a gap"),
  usual: z.array(z.string()).describe("nothing unusual, and all read"),
  missing: z.array(z.string()).describe("no series at all: a gap"),
});
export type MetricsAnswer = z.infer<typeof MetricsAnswer>;
