import { Evidence } from "@oncall-copilot/core";
import { z } from "zod";

/**
 * What the host reads of each tool's structured answer: the part that rules and trial need, and nothing of the servers' code. A field
 * that changes its shape makes the parse fail, which a contract test would show.
 */
const Kind = z.enum(["service", "resource"]);

export const MetricSignal = z.object({
  signal: z.string(),
  role: z.enum(["symptom", "load", "saturation", "other"]),
  change: z.enum(["up", "down", "usual", "stopped", "unmeasured"]),
  score: z.number(),
  onset: z.string().nullable(),
  /** Median since it turned, and what is usual. */
  value: z.number().nullish(),
  usual: z.number().nullish(),
  /** Of load that is up: how many times the usual. */
  times: z.number().optional(),
  /** When it came back to what is usual, RFC 3339. */
  recovered_at: z.string().optional(),
});
export type MetricSignal = z.infer<typeof MetricSignal>;

export const MetricSuspect = z.object({
  service: z.string(),
  kind: Kind,
  hops: z.number(),
  score: z.number(),
  onset: z.string().nullable(),
  signals: z.array(MetricSignal),
  evidence: Evidence,
});
export type MetricSuspect = z.infer<typeof MetricSuspect>;

export const MetricsAnswer = z.object({
  suspects: z.array(MetricSuspect),
  /** The suspects after these: one evidence item with a line for each. */
  more: z
    .object({
      suspects: z.array(z.object({ service: z.string(), score: z.number(), onset: z.string().nullable() })),
      evidence: Evidence,
    })
    .nullable(),
  usual: z.array(z.string()),
  missing: z.array(z.string()),
});
export type MetricsAnswer = z.infer<typeof MetricsAnswer>;

export const LogPattern = z.object({
  label: z.enum(["new", "rising", "steady", "gone", "uncompared"]),
  level: z.enum(["error", "warn", "info", "debug"]),
  count: z.number(),
  before: z.number(),
  first: z.string(),
  last: z.string().optional(),
  /** Every line of it says the very same, ids and figures included. */
  repeats: z.boolean().optional(),
  /** It names a right that was refused: a role, an action such as `s3:PutObject`, the ARN that was asked for. */
  right: z.object({ role: z.string(), action: z.string(), resource: z.string() }).optional(),
  /** It says that an autoscaler may add no more. */
  scaling_limited: z.boolean().optional(),
  evidence: Evidence,
});
export type LogPattern = z.infer<typeof LogPattern>;

export const LogsAnswer = z.object({ service: z.string(), patterns: z.array(LogPattern) });
export type LogsAnswer = z.infer<typeof LogsAnswer>;

export const Change = z.object({
  /** `drift`: what runs was changed outside git. `state`: an application is unwell or waits; that is no change. */
  kind: z.enum(["commit", "merge", "rollout", "drift", "state"]),
  sha: z.string(),
  /** Whose own files it touches; empty for shared files. */
  services: z.array(z.string()),
  /** Of shared files: whose roll-outs carry them. */
  deployed: z.array(z.string()).default([]),
  /** Whether it was rolled out. The evidence's `at` is then when, else when it landed. */
  live: z.boolean(),
  /** When each service got it first, RFC 3339. */
  live_at: z.array(z.object({ service: z.string(), at: z.string() })).default([]),
  /** Whether it can be told that a roll-out carried it, or did not. */
  rollouts_known: z.boolean().default(true),
  /** What kinds of things it changes. */
  touches: z.array(z.string()).default([]),
  taken_back: z.object({ by: z.string(), at: z.string() }).optional(),
  /** What it has in common with the words of the trouble, the most telling first. */
  shares: z
    .array(
      z.object({
        how: z.enum(["frame", "literal", "key", "figure", "name", "near"]),
        word: z.string(),
        line: z.string(),
      }),
    )
    .default([]),
  evidence: Evidence,
});
export type Change = z.infer<typeof Change>;

export const ChangesAnswer = z.object({ changes: z.array(Change) });

export const FileAnswer = z.object({
  path: z.string(),
  next_start_line: z.number().nullable(),
  /** Of a folder. */
  files: z.array(z.object({ path: z.string(), own: z.boolean() })).default([]),
  evidence: Evidence,
});

/** The characters of the evidence's text that say it, from and to. */
const Place = z.array(z.number()).length(2).optional();

export const HistoryAnswer = z.object({
  stats: z
    .object({
      /** Over the same trouble, or over others much like it. */
      basis: z.enum(["fingerprint", "alike"]),
      count: z.number(),
      fixes: z.array(
        z.object({
          ...{ fix: z.string(), worked: z.number(), failed: z.number(), quote: Place },
          /** It took a change back. */
          reverts: z.boolean().optional(),
        }),
      ),
      root_causes: z.array(
        z.object({
          ...{ root_cause: z.string(), count: z.number(), quote: Place },
          /** It says that nothing was wrong. */
          no_fault: z.boolean().optional(),
        }),
      ),
      evidence: Evidence,
    })
    .nullable(),
});
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;

export const RunbookAnswer = z.object({ sections: z.array(z.object({ score: z.number(), evidence: Evidence })) });
