import { z } from "zod";
import { nearest } from "../../catalog/nearest.ts";
import { inWords } from "../../in-words.ts";
import { BadRequest } from "../../outcome.ts";

/** The type beneath `optional`, `default` and the like. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable)
    inner = inner.unwrap();
  return inner;
}

/** Models write `"5"` for 5 and `"[...]"` for an array; what is meant is plain, so it is taken as meant. */
function asMeant(schema: z.core.$ZodType, value: unknown): unknown {
  const type = bare(schema);
  if (typeof value === "string") {
    const text = value.trim();
    if (type instanceof z.ZodNumber && text !== "" && Number.isFinite(Number(text))) return Number(text);
    if (type instanceof z.ZodBoolean && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
    if (type instanceof z.ZodArray && text.startsWith("[")) {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return value; // not JSON after all: the schema says what was expected
      }
    }
  }
  if (typeof value === "number" && type instanceof z.ZodString) return String(value);
  return value;
}

function describeArguments(shape: z.core.$ZodShape): string {
  const names = Object.entries(shape).map(([name, schema]) =>
    z.safeParse(schema, undefined).success ? name : `${name} (required)`,
  );
  return names.join(", ");
}

/**
 * Checks a call's arguments against the tool's strict flat schema. An unknown argument is refused with the valid ones;
 * an absent or `null` optional one counts as not given.
 */
export function parseArguments<I extends z.ZodObject>(schema: I, raw: unknown): z.output<I> {
  const given = raw === undefined || raw === null ? {} : raw;
  if (typeof given !== "object" || Array.isArray(given)) throw new BadRequest("arguments must be a JSON object");
  const shape: z.core.$ZodShape = schema.shape;
  const valid = describeArguments(shape);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(shape, name));
  if (unknown.length > 0) {
    const hints = unknown.flatMap((name) => nearest(name, Object.keys(shape), 1));
    const hint = hints.length > 0 ? `; did you mean ${hints.join(", ")}?` : "";
    const named = unknown.map((name) => `"${name.slice(0, 64)}"`).join(", ");
    throw new BadRequest(`unknown argument ${named}${hint}`, { tryNext: [`valid arguments: ${valid}`] });
  }
  const meant: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const type = shape[name];
    if (type && value !== undefined && value !== null) meant[name] = asMeant(type, value);
  }
  const parsed = schema.safeParse(meant, { error: inWords(meant) });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => {
    const path = issue.path.join(".");
    const missing = issue.code === "invalid_type" && issue.path.length === 1 && !Object.hasOwn(meant, path);
    return missing ? `${path} is required` : `${path || "arguments"}: ${issue.message}`;
  });
  throw new BadRequest(problems.join("; "), { tryNext: [`valid arguments: ${valid}`] });
}
