/** The request body as the API documents it, as far as our client uses it: anything else is refused, as the API does. */
import { z } from "zod";

const CacheControl = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() });
const cached = { cache_control: CacheControl.nullish() };

const Text = z.strictObject({
  type: z.literal("text"),
  text: z.string().min(1, "text content blocks must be non-empty"),
  citations: z.null().optional(),
  ...cached,
});
const ToolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.boolean().optional(),
  content: z.union([z.string(), z.array(Text)]).optional(),
  ...cached,
});
const ToolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  caller: z.unknown().optional(),
  ...cached,
});
const Thinking = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() });

const Tool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal("object") }),
  strict: z.boolean().optional(),
  ...cached,
});

export const ModelRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.number().int().min(1).max(128_000),
  system: z.union([z.string().min(1), z.array(Text).min(1)]),
  messages: z
    .array(
      z.discriminatedUnion("role", [
        z.strictObject({
          role: z.literal("user"),
          content: z.array(z.discriminatedUnion("type", [Text, ToolResult])).min(1),
        }),
        z.strictObject({
          role: z.literal("assistant"),
          content: z.array(z.discriminatedUnion("type", [Text, ToolUse, Thinking])).min(1),
        }),
      ]),
    )
    .min(1),
  tools: z.array(Tool).optional(),
  tool_choice: z
    .strictObject({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
      format: z
        .strictObject({ type: z.literal("json_schema"), schema: z.looseObject({ type: z.literal("object") }) })
        .nullish(),
    })
    .optional(),
  cache_control: CacheControl.nullish(),
  stream: z.literal(true),
});
export type ModelRequest = z.infer<typeof ModelRequest>;
export type RequestMessage = ModelRequest["messages"][number];
