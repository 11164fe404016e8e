import { COULD_NOT_LOOK_REASONS } from "@oncall-copilot/core";
import { z } from "zod";
import type { ConnectionAnswer } from "./toolbox.ts";

/** What of a tool result is read here; whatever else a server says is kept in `structured`. */
const Structured = z.looseObject({
  outcome: z.enum(["found", "nothing_found", "could_not_look", "bad_request"]),
  reason: z.enum(COULD_NOT_LOOK_REASONS).catch("internal").optional(),
});

/** Most characters of an answer as JSON, and most levels in it: many times what our own servers send. */
const MAX_CHARACTERS = 1_000_000;
const MAX_LEVELS = 64;

export function couldNotLook(reason: NonNullable<ConnectionAnswer["reason"]>, message: string): ConnectionAnswer {
  return {
    outcome: "could_not_look",
    reason,
    text: `Could not look (${reason}): ${message}`,
    structured: { outcome: "could_not_look", reason, message },
  };
}

/** A tool result as MCP has it, made safe to go on with: a known outcome, and no larger or deeper than makes sense. */
export function readAnswer(
  result: { readonly content: readonly unknown[]; readonly structuredContent?: unknown; readonly isError?: unknown },
  asked: { readonly server: string; readonly tool: string },
): ConnectionAnswer {
  const wrong = (why: string) => couldNotLook("bad_response", `${asked.server} answered ${asked.tool} ${why}`);
  const { structuredContent, isError } = result;
  if (!hasAtMost(MAX_LEVELS, structuredContent)) return wrong(`with more than ${MAX_LEVELS} levels of data`);
  const text = result.content.flatMap((part) => TextPart.safeParse(part).data?.text ?? []).join("\n");
  if (text.length + (JSON.stringify(structuredContent) ?? "").length > MAX_CHARACTERS)
    return couldNotLook(
      "too_large",
      `${asked.server} answered ${asked.tool} with more than ${MAX_CHARACTERS} characters`,
    );
  const parsed = Structured.safeParse(structuredContent);
  if (!parsed.success) return wrong("without a known outcome");
  const { outcome, reason = "internal" } = parsed.data;
  const looked = outcome === "found" || outcome === "nothing_found";
  if (looked && isError === true) return wrong(`with an error that says ${outcome}`);
  return { outcome, reason: outcome === "could_not_look" ? reason : null, text, structured: parsed.data };
}

const TextPart = z.object({ type: z.literal("text"), text: z.string() });

function hasAtMost(levels: number, value: unknown): boolean {
  if (value === null || typeof value !== "object") return true;
  return levels > 0 && Object.values(value).every((child) => hasAtMost(levels - 1, child));
}
