import type { ToolCall } from "../tools/toolbox.ts";
import { sha256 } from "./audit-log.ts";

/**
 * What the log keeps of a call: the result's hash, and not the result, since a log that can be kept for years should not
 * hold what the tools returned. For the same reason evidence among the arguments is named by its receipts.
 */
export function toolCalled(call: ToolCall): Record<string, unknown> {
  const { sequence, server, tool, outcome, reason } = call;
  const { evidence, ...rest } = call.arguments;
  const receipts = Array.isArray(evidence) ? { evidence: evidence.map(receiptOf) } : {};
  return {
    sequence,
    server,
    tool,
    arguments: { ...rest, ...receipts },
    outcome,
    reason,
    seconds: Math.round(call.seconds * 1000) / 1000,
    result_sha256: sha256(JSON.stringify(call.structured)),
  };
}

/** The arguments are the model's: they may be anything. */
function receiptOf(item: unknown): string | null {
  const id = item !== null && typeof item === "object" && "id" in item ? item.id : null;
  return typeof id === "string" ? id : null;
}
