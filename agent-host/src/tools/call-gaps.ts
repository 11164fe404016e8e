import type { Gap } from "@oncall-copilot/core";
import type { ToolCall } from "./toolbox.ts";

/** Most gaps that one call may add to a report, and most characters of each: a server may be anyone's. */
const MAX_GAPS = 20;
const MAX_CHARACTERS = 1_000;
const UNVERIFIED = "a receipt that does not verify; another evidence key?";

/** What a call was about: in the words of a gap, and as catalog names. */
export function subjectOf(tool: string, { service }: ToolCall["arguments"]): Pick<Gap, "what" | "about"> {
  return typeof service === "string" ? { what: `${tool} for ${service}`, about: [service] } : { what: tool, about: [] };
}

/** What a call could not see. `forged` is how many of its evidence items have a receipt that does not verify. */
export function gapsOfCall(call: ToolCall, forged: number): Gap[] {
  const { server, tool, structured, outcome, reason } = call;
  const partial = Array.isArray(structured["gaps"]) ? structured["gaps"].filter((gap) => typeof gap === "string") : [];
  const left = partial.length - MAX_GAPS;
  const reasons: readonly (readonly [Gap["code"], string])[] = [
    ...(forged > 0 ? [["unverified", `${forged} evidence items have ${UNVERIFIED}`] as const] : []),
    ...(outcome === "could_not_look"
      ? [[reason ?? "internal", said(structured["message"]) || (reason ?? "no reason given")] as const]
      : []),
    // Telemetry that is not there says nothing about the service: an empty answer is a gap, never evidence.
    ...(outcome === "nothing_found"
      ? [["nothing_found", `nothing was found; searched ${said(structured["searched"])}`] as const]
      : []),
    ...partial.slice(0, MAX_GAPS).map((why) => ["partial", why] as const),
    ...(left > 0 ? [["partial", `and ${left} more gaps`] as const] : []),
  ];
  const subject = subjectOf(tool, call.arguments);
  return reasons.map(([code, why]) => ({ server, tool, code, ...subject, why: why.slice(0, MAX_CHARACTERS) }));
}

const said = (value: unknown): string => (typeof value === "string" ? value : "");
