import { Evidence, fence } from "@oncall-copilot/core";
import { z } from "zod";
import { LEVELS } from "../levels.ts";
import { RefusedRight } from "../meaning/refused-right.ts";
import { LABELS } from "./labels.ts";

const Counts = z.strictObject({ error: z.number(), warn: z.number(), info: z.number(), debug: z.number() });

const Stretch = z.strictObject({
  from: z.string(),
  to: z.string(),
  recorded_seconds: z.number().describe("how much of it the backend holds any service's log for"),
});

const ShownPattern = z.strictObject({
  label: z.enum(LABELS),
  level: z.enum(LEVELS),
  count: z.number().describe("lines in the window"),
  before: z.number().describe("lines in the time before"),
  first: z.string().describe("seen, in either stretch"),
  last: z.string(),
  repeats: z.literal(true).optional().describe("the very same input in every line"),
  right: RefusedRight.optional().describe("the line names a right that was refused"),
  scaling_limited: z.literal(true).optional().describe("an autoscaler may add no more"),
  evidence: Evidence,
});
export type ShownPattern = z.output<typeof ShownPattern>;

/** What `read_logs` answers. The evidence texts hold every figure once more, in words that can be quoted. */
export const LogAnswer = z.strictObject({
  service: z.string(),
  window: Stretch,
  before: Stretch,
  levels: z.strictObject({ window: Counts, before: Counts, evidence: Evidence }).nullable(),
  patterns: z.array(ShownPattern),
  more: z.string().nullable().describe("cursor of the next page"),
});
export type LogAnswer = z.output<typeof LogAnswer>;

/** The same facts as text. A pattern's typed fields stand in the first line of its evidence. */
export function renderLogAnswer(data: LogAnswer): string {
  const stretch = ({ from, to, recorded_seconds }: LogAnswer["window"]) =>
    `${from} to ${to} (${recorded_seconds} s recorded)`;
  return [
    `service: ${data.service}; window: ${stretch(data.window)}; before: ${stretch(data.before)}`,
    ...(data.levels ? [fence(data.levels.evidence)] : []),
    ...data.patterns.map((pattern) => fence(pattern.evidence)),
    ...(data.more === null ? [] : [`more: ${data.more}`]),
  ].join("\n");
}
