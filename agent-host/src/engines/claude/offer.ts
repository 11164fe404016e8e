import type { Anthropic } from "@anthropic-ai/sdk";
import { Draft } from "@oncall-copilot/core";
import { z } from "zod";
import type { ToolInfo } from "../../tools/toolbox.ts";

/**
 * What strict mode takes in one request, all strict schemas together: so many tools, and so many parameters that may
 * be left out. Beyond that the API answers 400 (structured outputs, "schema complexity limits").
 */
const MAX_STRICT_TOOLS = 20;
const MAX_OPTIONAL_PARAMETERS = 24;

/**
 * The report comes as `output_config.format`, not as a strict `submit_report` tool: current models answer 400 to a
 * forced tool choice, so a tool could only be asked for, while the format binds the final text of every request and
 * leaves tool calls free. It is the same in every request: a change would empty the prompt cache.
 */
export async function reportFormat(): Promise<Anthropic.JSONOutputFormat> {
  const { transformJSONSchema } = await import("@anthropic-ai/sdk/lib/transform-json-schema");
  // The SDK turns what strict mode does not take (pattern, minLength) into words; zod checks the answer against it.
  const schema = transformJSONSchema(asSdkSchema(z.toJSONSchema(Draft, { reused: "ref" })));
  return { type: "json_schema", schema: { ...schema } };
}

/** The tools that only read, in a stable order, as many of them strict as the request's limits allow. */
export async function offeredTools(tools: readonly ToolInfo[], strict: boolean): Promise<Anthropic.Tool[]> {
  const { transformJSONSchema } = await import("@anthropic-ai/sdk/lib/transform-json-schema");
  const offered = readOnlyTools(tools);
  const chosen = new Map<string, object>();
  let optional = 0;
  const simplestFirst = offered
    .map((tool) => ({ tool, adds: optionalParameters(tool.inputSchema) }))
    .sort((a, b) => a.adds - b.adds);
  for (const { tool, adds } of strict ? simplestFirst : []) {
    if (chosen.size >= MAX_STRICT_TOOLS || optional + adds > MAX_OPTIONAL_PARAMETERS) break;
    const schema = attempt(() => transformJSONSchema(asSdkSchema(tool.inputSchema)));
    if (!schema) continue;
    chosen.set(tool.name, schema);
    optional += adds;
  }
  return offered.map(({ name, description, inputSchema }) => {
    const schema = chosen.get(name);
    const input_schema = { ...(schema ?? inputSchema), type: "object" as const };
    return { name, description, input_schema, ...(schema ? { strict: true } : {}) };
  });
}

/** Sorted by name, since servers connect in any order and the prompt cache takes the same bytes only. */
export function readOnlyTools(tools: readonly ToolInfo[]): ToolInfo[] {
  return tools.filter((tool) => tool.readOnly).sort((a, b) => (a.name < b.name ? -1 : 1));
}

type SdkSchema = Parameters<typeof import("@anthropic-ai/sdk/lib/transform-json-schema")["transformJSONSchema"]>[0];
const asSdkSchema = (schema: unknown) => schema as SdkSchema;

/** Parameters at any depth that a call may leave out. */
function optionalParameters(schema: unknown): number {
  if (schema === null || typeof schema !== "object") return 0;
  const { properties, required } = schema as { properties?: object; required?: readonly string[] };
  const own = properties ? Object.keys(properties).filter((name) => !(required ?? []).includes(name)).length : 0;
  return Object.values(schema).reduce<number>((sum, inner) => sum + optionalParameters(inner), own);
}

/** A schema from a server that is not ours may have what strict mode has no word for; then the tool is not strict. */
function attempt<T>(transform: () => T): T | undefined {
  try {
    return transform();
  } catch {
    return undefined;
  }
}
