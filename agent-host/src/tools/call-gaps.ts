import type { Gap } from "@oncall-copilot/core";
import type { ToolCall } from "./toolbox.ts";

/** Most gaps that one call may add to a report, and most characters of each: a server may be anyone's. */
const MAX_GAPS = 20;
const MAX_CHARACTERS = 1_000;

/** What a call was about, in the words of a gap. */
export const whatOf = (tool: string, args: ToolCall["arguments"]): string =>
  typeof args["service"] === "string" ? `${tool} for ${args["service"]}` : tool;

/** What a call could not see. `forged` is how many of its evidence items have a receipt that does not verify. */
export function gapsOfCall(call: ToolCall, forged: number): Gap[] {
  const { server, tool, structured, outcome, reason } = call;
  const partial = Array.isArray(structured["gaps"]) ? structured["gaps"].filter((gap) => typeof gap === "string") : [];
  const left = partial.length - MAX_GAPS;
  const reasons = [
    ...(forged > 0 ? [`${forged} evidence items have a receipt that does not verify; another evidence key?`] : []),
    ...(outcome === "could_not_look" ? [said(structured["message"]) || (reason ?? "no reason given")] : []),
    // Telemetry that is not there says nothing about the service: an empty answer is a gap, never evidence.
    ...(outcome === "nothing_found" ? [`nothing was found; searched ${said(structured["searched"])}`] : []),
    ...partial.slice(0, MAX_GAPS),
    ...(left > 0 ? [`and ${left} more gaps`] : []),
  ];
  const what = whatOf(tool, call.arguments);
  return reasons.map((why) => ({ server, tool, what, why: why.slice(0, MAX_CHARACTERS) }));
}

const said = (value: unknown): string => (typeof value === "string" ? value : "");
