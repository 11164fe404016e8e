import type { ToolCall } from "../../tools/toolbox.ts";
import type { KeptAnswer } from "./carry.ts";

/** Most answers that are kept from look to look, and most bytes of all of them: a carry must fit into a message or an item. */
const MAX_ANSWERS = 12;
const MAX_BYTES = 128_000;

/** Tools whose answer to the same question does not change within minutes: what people wrote, and what is past. */
const STEADY_TOOLS: ReadonlySet<string> = new Set(["query_history", "read_runbook"]);

/** The arguments by which an answer speaks of one fixed revision. */
const PINNED: Readonly<Record<string, string>> = { read_changes: "commit", read_file: "revision" };
const SHA = /^[0-9a-f]{40}$/;

/** Whether the same question would get the same answer in five minutes. */
function isSteady({ tool, arguments: args }: ToolCall): boolean {
  if (STEADY_TOOLS.has(tool)) return true;
  const revision = args[PINNED[tool] ?? ""];
  return typeof revision === "string" && SHA.test(revision);
}

/** What of a look's calls the next look need not ask again. */
export function steadyAnswers(calls: readonly ToolCall[]): KeptAnswer[] {
  const kept = new Map<string, KeptAnswer>();
  let bytes = 0;
  for (const call of calls) {
    const { server, tool, arguments: args, outcome, text, structured } = call;
    if ((outcome !== "found" && outcome !== "nothing_found") || !isSteady(call)) continue;
    const answer: KeptAnswer = { server, tool, arguments: { ...args }, outcome, text, structured: { ...structured } };
    bytes += Buffer.byteLength(JSON.stringify(answer));
    if (kept.size >= MAX_ANSWERS || bytes > MAX_BYTES) break;
    kept.set(JSON.stringify([tool, args]), answer);
  }
  return [...kept.values()];
}
