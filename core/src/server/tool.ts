import type { z } from "zod";
import type { CheckedClaim, Claim } from "../evidence/claim.ts";
import type { Evidence, EvidenceDraft } from "../evidence/evidence.ts";
import type { Logger } from "../log.ts";
import type { Answer } from "../outcome.ts";

/** What a caller must be allowed to do before a tool is offered to it: `<server>:<verb>`. */
export type Scope = `${string}:${"read" | "propose" | "decide"}`;

/** All that a tool may touch besides its own store. */
export interface ToolContext {
  /** Aborts when the caller cancels or the deadline passes; hand it to the backend. */
  readonly signal: AbortSignal;
  /** The present moment in epoch milliseconds: the clock, or a recording's as-of. Never read the clock instead. */
  readonly now: number;
  /** Redacts the text, then mints its receipt. Whatever an answer may be quoted from goes through here. */
  evidence(draft: EvidenceDraft): Promise<Evidence>;
  /** Whether the receipt is this installation's own; a tool may check evidence, but never sees the key. */
  verify(evidence: Evidence): boolean;
  /** Whether a claim holds on the given evidence, and why not; see the function of the same name. */
  checkClaim(claim: Claim, known: ReadonlyMap<string, Evidence>, vocabulary?: readonly string[]): CheckedClaim;
  /** Tells a waiting caller what is being done. Short, without figures that must be right. */
  progress(message: string): void;
  readonly log: Logger;
}

/**
 * One tool. It knows nothing of MCP: the serving layer turns it into a tool of whichever SDK is mounted.
 *
 * `input` is flat (strings, numbers, booleans, enums, arrays; never a union, which some clients advertise as empty) and
 * unknown keys are refused. `output` describes `data`; `text` renders it and must carry the same facts, since clients
 * show a model only one of the two.
 */
export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly scope: Scope;
  readonly readOnly: boolean;
  readonly input: I;
  readonly output: O;
  /** Longest time a call may take, in milliseconds. Default 20,000. */
  readonly deadlineMs?: number;
  /** Most tokens an answer may have in either form, whatever the arguments. Default 3,000. */
  readonly maxTokens?: number;
  text(data: z.output<O>): string;
  run(input: z.output<I>, context: ToolContext): Promise<Answer<z.output<O>>>;
}

/** A tool with its types closed over, so that tools of different inputs fit in one list. */
export interface AnyTool extends Omit<Tool, "text" | "run"> {
  text(data: unknown): string;
  run(input: unknown, context: ToolContext): Promise<Answer<Record<string, unknown>>>;
}

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(tool: Tool<I, O>): AnyTool {
  return {
    ...tool,
    text: (data) => tool.text(data as z.output<O>),
    // The one place that runs a call has parsed the input with this very schema.
    run: (input, context) => tool.run(input as z.output<I>, context) as Promise<Answer<Record<string, unknown>>>,
  };
}
