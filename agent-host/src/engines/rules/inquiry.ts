import { instant } from "@oncall-copilot/core";
import type { z } from "zod";
import type { ToolCall, ToolInfo } from "../../tools/toolbox.ts";
import type { Investigation } from "../engine.ts";

const MINUTE_MS = 60_000;
/** How far before the alert signals and logs are read. */
const WINDOW_MS = 10 * MINUTE_MS;
/** How far back a change may lie and still be told. */
const CHANGES_MS = 6 * 60 * MINUTE_MS;

/** The tools that the rules know how to read. */
const RULES_TOOLS = [
  "read_metrics",
  "read_logs",
  "read_changes",
  "read_file",
  "query_history",
  "read_runbook",
] as const;
type RulesTool = (typeof RULES_TOOLS)[number];
const KNOWN: ReadonlySet<string> = new Set(RULES_TOOLS);

/** Tools that are offered and that the rules do not know, so that nothing of them is in the report. */
export const unaskedTools = (tools: readonly Pick<ToolInfo, "name">[]): string[] =>
  tools.map(({ name }) => name).filter((name) => !KNOWN.has(name));

/** One investigation's way to ask: the same windows for every call, and answers parsed or counted as unreadable. */
export class Inquiry {
  readonly investigation: Investigation;
  readonly #unreadable: string[] = [];

  constructor(investigation: Investigation) {
    this.investigation = investigation;
  }

  /** Answers that were found but are not of the shape the rules read, and why: a fault of ours, to be told. */
  get unreadable(): readonly string[] {
    return this.#unreadable;
  }

  /** Arguments for signals and logs. */
  get window() {
    return this.#since(WINDOW_MS);
  }

  /** Arguments for changes. */
  get changesWindow() {
    return this.#since(CHANGES_MS);
  }

  #since(ms: number) {
    const { incident, asOf } = this.investigation;
    return { from: instant(Date.parse(incident.started_at) - ms), to: instant(asOf) };
  }

  /** The parsed answer. One that found nothing counts as seen; one that failed, or cannot be read, is undefined. */
  async ask<T extends z.ZodType>(
    schema: T,
    tool: RulesTool,
    args: Record<string, unknown>,
  ): Promise<z.output<T> | undefined> {
    const { toolbox, signal } = this.investigation;
    return this.#read(schema, await toolbox.call(tool, args, { signal }));
  }

  #read<T extends z.ZodType>(schema: T, call: ToolCall): z.output<T> | undefined {
    if (call.outcome !== "found" && call.outcome !== "nothing_found") return undefined;
    const parsed = schema.safeParse(call.structured);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    this.#unreadable.push(`${call.tool}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown shape"}`);
    return undefined;
  }
}
