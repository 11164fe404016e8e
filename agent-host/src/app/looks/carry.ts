import { Family, OUTCOME_VALUES, type Report } from "@oncall-copilot/core";
import { z } from "zod";

/** What one look took the incident to be: what two looks must have in common to agree. */
export const LookRecord = z.strictObject({
  /** From 1. */
  number: z.number().int().positive(),
  /** The moment it stood for, RFC 3339 UTC. */
  as_of: z.iso.datetime(),
  engine: z.enum(["claude", "rules"]),
  outcome: z.enum(OUTCOME_VALUES),
  level: z.enum(["high", "medium", "low", "none"]),
  family: Family,
  culprit: z.string().nullable(),
  /** The commit that it would revert. */
  commit: z.string().nullable(),
});
export type LookRecord = z.infer<typeof LookRecord>;

/** An answer that stays as it is while an incident lasts, word for word with its receipts, so that nobody is asked for it again. */
export const KeptAnswer = z.strictObject({
  server: z.string(),
  tool: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  outcome: z.enum(["found", "nothing_found"]),
  text: z.string(),
  structured: z.record(z.string(), z.unknown()),
});
export type KeptAnswer = z.infer<typeof KeptAnswer>;

/** A model that was to look and stayed away. */
const ModelAway = z.strictObject({ since: z.iso.datetime() });

/**
 * All that one look hands to the next, which may run in another process or on another machine: JSON, and nothing else is kept.
 * Receipts are checked again when an answer is used, so that a changed carry can only lose evidence.
 */
export const Carry = z.strictObject({
  schema_version: z.literal(1),
  /** The incident's id. */
  incident: z.string(),
  looks: z.array(LookRecord),
  answers: z.array(KeptAnswer),
  /** When the model was first missed; null when it was there. */
  model_away: ModelAway.nullable(),
  /** Settled but for the model, which is to look when it is back: until then nobody else is asked again. */
  awaits_model: z.boolean(),
});
export type Carry = z.infer<typeof Carry>;

/** What was handed on as text. Null when it is of another version, or no carry at all: then the next look is like a first one. */
export function readCarry(text: string): Carry | null {
  try {
    return Carry.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const freshCarry = (incident: string): Carry => ({
  schema_version: 1,
  incident,
  looks: [],
  answers: [],
  model_away: null,
  awaits_model: false,
});

/** The record of a look, out of its report. */
export function recordOf(report: Report, number: number): LookRecord {
  const { as_of, engine, outcome, confidence, family, culprit, fix } = report;
  return {
    number,
    as_of,
    engine: engine.name,
    outcome,
    level: confidence.level,
    family,
    culprit: culprit?.name ?? null,
    commit: fix.kind === "revert" ? fix.commit : null,
  };
}
