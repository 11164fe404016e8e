import { readFileSync } from "node:fs";
import { z } from "zod";
import { certificates } from "../../backend/variables.ts";
import { ConfigError } from "../../errors.ts";
import { inWords } from "../../in-words.ts";
import { Secret } from "../../secret.ts";

/** A variable whose value must never be printed. `NAME_FILE` is read instead when only that is set. */
export const secret = () =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value));

/** Variables every server takes. */
export const commonVariables = {
  ONCALL_RECORDING: z.string().optional().describe("folder of a recording to answer from"),
  ONCALL_AS_OF: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("the moment a recording stands for; default: its alert plus 5 minutes"),
  ONCALL_CATALOG: z
    .string()
    .optional()
    .describe("Backstage catalog file (YAML), or the address of a Backstage; default: the recording's"),
  ONCALL_CATALOG_TOKEN: secret().optional().describe("token for that Backstage, which may read its catalog"),
  ONCALL_CATALOG_CA: certificates()
    .optional()
    .describe("the authorities to trust for it (PEM); usually given as ONCALL_CATALOG_CA_FILE"),
  ONCALL_EVIDENCE_KEY: secret().optional().describe("64 hex digits; default: a key file made on first use"),
  ONCALL_EVIDENCE_KEY_FILE: z
    .string()
    .optional()
    .describe("where that key file is; default: ~/.config/oncall-copilot/evidence.key"),
  ONCALL_SCOPES: z.string().optional().describe("comma-separated scopes to offer; default: all of the server's"),
  ONCALL_HTTP_TOKEN: secret().optional().describe("bearer token callers must send over HTTP, at least 128 bits"),
  ONCALL_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(600)
    .optional()
    .describe("seconds that one call may take; default: the tool's own, 20 to 60"),
  ONCALL_LOG_LEVEL: z
    .enum(["error", "warn", "info", "silent"])
    .default("warn")
    .describe("what goes to stderr: error, warn, info or silent"),
} as const;

/** The names a server reads, its own and the common ones: all that a host needs to hand it. */
export function variableNames(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape);
}

/** What a variable is for, and what holds where it is not set. */
export function describeVariable(schema: z.ZodObject, name: string): string {
  const type = (schema.shape as Record<string, z.ZodType>)[name];
  const description = type?.description ?? "";
  if (!type || /\bdefaults?\b/.test(description)) return description;
  const value: unknown = type.safeParse(undefined).data;
  const isShort = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isShort && value !== "" ? `${description}; default ${value}` : description;
}

/**
 * Reads a server's variables. An empty variable counts as not set, and `NAME_FILE` stands in for any `NAME` (Docker and
 * Kubernetes secrets). Variables it does not know are left alone.
 */
export function readEnvironment<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv = process.env): z.output<S> {
  const values: Record<string, string> = {};
  for (const name of variableNames(schema)) {
    const file = env[`${name}_FILE`];
    const direct = env[name];
    if (direct) values[name] = direct;
    else if (file && !Object.hasOwn(schema.shape, `${name}_FILE`)) values[name] = readSecretFile(name, file);
  }
  const parsed = schema.safeParse(values, { error: inWords(values) });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [name = "environment", ...within], message }) => {
    const described = describeVariable(schema, String(name));
    // What a comma-separated list takes is said of all of its items.
    const place = within.some((key) => typeof key === "string") ? `${within.join(".")} ` : "";
    return `${String(name)}: ${place}${message}${described ? ` (${described})` : ""}`;
  });
  throw new ConfigError(problems.join("\n"));
}

function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ConfigError(
      `${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`,
    );
  }
}
