import type { Anthropic } from "@anthropic-ai/sdk";
import { Draft } from "@oncall-copilot/core";

export type Answer =
  | { readonly draft: Draft }
  | {
      readonly draft: null;
      /** What is wrong with it, for the repair round. */
      readonly problems: readonly string[];
    };

/** Reads the report out of a final answer. Strict output makes it fit, but gateways and old models need not keep to it. */
export function readAnswer(message: Anthropic.Message): Answer {
  const text = message.content
    .flatMap((block) => (block.type === "text" ? [block.text] : []))
    .join("")
    .trim();
  if (text === "") return { draft: null, problems: ["the answer has no text"] };
  let value: unknown;
  try {
    value = JSON.parse(withoutCodeFence(text));
  } catch {
    return { draft: null, problems: ["the answer is not one JSON object"] };
  }
  const parsed = Draft.safeParse(value);
  if (parsed.success) return { draft: parsed.data };
  const problems = parsed.error.issues
    .slice(0, 12)
    .map((issue) => `${issue.path.join(".") || "report"}: ${issue.message}`);
  return { draft: null, problems };
}

function withoutCodeFence(text: string): string {
  return /^```(?:json)?\s*\n([\s\S]*)\n```$/.exec(text)?.[1] ?? text;
}
