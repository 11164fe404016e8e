import { z } from "zod";
import { Evidence } from "../../evidence/evidence.ts";
import { COULD_NOT_LOOK_REASONS, OUTCOMES } from "../../outcome.ts";

/** A JSON Schema whose root is an object, as MCP wants a tool's schemas. */
export type ObjectSchema = Readonly<Record<string, unknown>> & { readonly type: "object" };

export function objectSchema(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return { ...rest, type: "object" };
}

/** What every tool's structured answer has around its own data. */
function envelope(output: z.ZodObject): z.ZodObject {
  return z.object({
    outcome: z.enum(["found", "nothing_found"]),
    summary: z.string(),
    searched: z.string().optional(),
    try_next: z.array(z.string()).optional(),
    absence: Evidence.optional(),
    gaps: z.array(z.string()).optional(),
    notices: z.array(z.string()).optional(),
    ...output.shape,
  });
}

/**
 * The schema of all that `structuredContent` may be. Clients check errors against it as well, so it has the fields of
 * the two outcomes that carry no data; which fields must be there depends on the outcome.
 */
export function outputSchema(output: z.ZodObject): ObjectSchema {
  const { properties, required, ...rest } = objectSchema(envelope(output), "output");
  return {
    ...rest,
    properties: {
      reason: { type: "string", enum: COULD_NOT_LOOK_REASONS },
      message: { type: "string" },
      ...(properties as Record<string, unknown>),
      outcome: { type: "string", enum: OUTCOMES },
    },
    required: ["outcome"],
    if: { properties: { outcome: { enum: ["found", "nothing_found"] } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
    then: { required },
    else: { required: ["message"] },
  };
}
