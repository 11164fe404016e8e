import { Evidence, fence } from "@oncall-copilot/core";
import { z } from "zod";
import { KINDS } from "./drafts.ts";
import { TOUCHES } from "./effect/effect.ts";
import { Shared } from "./effect/shared.ts";

/** One change as it stands in the answer. */
export const ChangeItem = z.object({
  kind: z.enum(KINDS),
  services: z.array(z.string()).describe("whose own files it touches; empty: shared files"),
  deployed: z.array(z.string()).optional().describe("of shared files: whose roll-outs carry them"),
  hops: z.number().describe("of the deepest, below the service asked about"),
  sha: z.string(),
  live: z.boolean().describe("deployed by the window's end: evidence.at is when, else when it landed"),
  live_at: z.array(z.object({ service: z.string(), at: z.string() })).describe("when each service got it first"),
  rollouts_known: z.literal(false).optional().describe("whether it is deployed cannot be told"),
  touches: z
    .array(z.enum(TOUCHES))
    .describe(
      "what it changes; image: only which build runs; nothing that runs: tests, docs, comments, formatting, labels",
    ),
  taken_back: z.object({ by: z.string(), at: z.string() }).optional().describe("taken out again by, live since"),
  shares: z.array(Shared).optional().describe("what it has in common with the symptom, most telling first"),
  evidence: Evidence,
});
export type ChangeItem = z.infer<typeof ChangeItem>;

export const ChangesOutput = z.object({
  changes: z.array(ChangeItem),
  also: z.array(z.string()).describe("changes without detail"),
  next_cursor: z.string().nullable(),
});
export type ChangesOutput = z.infer<typeof ChangesOutput>;

/** The answer as text: the evidence names kind, services, hops, commit and roll-outs in its first lines. */
export function changesText(data: ChangesOutput): string {
  const parts = data.changes.map(({ evidence }) => fence(evidence));
  if (data.also.length > 0) parts.push(["Also changed:", ...data.also.map((line) => `- ${line}`)].join("\n"));
  if (data.next_cursor !== null) parts.push(`cursor for more: ${data.next_cursor}`);
  return parts.join("\n");
}
