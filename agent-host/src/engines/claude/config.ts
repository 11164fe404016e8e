import { ConfigError, type Secret } from "@oncall-copilot/core";
import { readEnvironment, secret } from "@oncall-copilot/core/server";
import { z } from "zod";

/** The variables the claude engine reads, for `--help` and the documentation. */
export const ClaudeVariables = z.object({
  ONCALL_CLAUDE_PROVIDER: z.enum(["anthropic", "bedrock"]).default("anthropic").describe("whose API serves the model"),
  ANTHROPIC_API_KEY: secret().optional().describe("API key"),
  ANTHROPIC_AUTH_TOKEN: secret().optional().describe("bearer token of a gateway, used when there is no API key"),
  ANTHROPIC_BASE_URL: z.url().optional().describe("another address of the Messages API, such as a gateway"),
  AWS_REGION: z.string().optional().describe("region of Amazon Bedrock; AWS credentials come from the usual AWS chain"),
  AWS_BEARER_TOKEN_BEDROCK: secret().optional().describe("Bedrock API key, instead of AWS credentials"),
  ANTHROPIC_BEDROCK_BASE_URL: z.url().optional().describe("another address of Bedrock, such as a VPC endpoint"),
  ONCALL_CLAUDE_MODEL: z.string().optional().describe("model id; default claude-opus-5-5"),
  ONCALL_CLAUDE_EFFORT: z
    .enum(["low", "medium", "high", "xhigh", "max"])
    .optional()
    .describe("how hard the model thinks; default: the model's own"),
  ONCALL_CLAUDE_MAX_TURNS: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(12)
    .describe("model requests in which tools may be called; closing and repairing the report come on top"),
  ONCALL_CLAUDE_MAX_TOKENS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(300_000)
    .describe("tokens of one triage, in and out, those read from the prompt cache not counted"),
  ONCALL_CLAUDE_MAX_SECONDS: z.coerce.number().positive().max(3_600).default(300).describe("seconds of one triage"),
  ONCALL_CLAUDE_RETRY_SECONDS: z.coerce
    .number()
    .min(0)
    .max(600)
    .default(30)
    .describe("seconds that one triage waits for a model that fails for a moment, before the rules engine takes over"),
  ONCALL_CLAUDE_MAX_OUTPUT_TOKENS: z.coerce
    .number()
    .int()
    .min(256)
    .max(128_000)
    .default(16_000)
    .describe("most tokens of one answer of the model, its thinking included"),
});

/** Opus is what the SDK's own examples use; on Bedrock its id names the inference profile that routes anywhere. */
const DEFAULT_MODEL = { anthropic: "claude-opus-5-5", bedrock: "global.anthropic.claude-opus-5-5" } as const;

export interface ClaudeLimits {
  /** Model requests in which tools may be called. */
  readonly turns: number;
  /** Input and output tokens of the whole investigation; those read from the prompt cache are not counted. */
  readonly tokens: number;
  readonly seconds: number;
  /** Seconds of waiting, in all, for a model that fails for a moment. */
  readonly retrySeconds: number;
  /** Most output tokens of one request. */
  readonly outputTokens: number;
}

interface AnthropicAccess {
  readonly provider: "anthropic";
  readonly baseUrl: string;
  /** Undefined only for a gateway that asks for none. */
  readonly credential: { readonly kind: "apiKey" | "authToken"; readonly value: Secret } | undefined;
}

interface BedrockAccess {
  readonly provider: "bedrock";
  readonly region: string;
  readonly baseUrl: string | undefined;
  /** Undefined when requests are signed with AWS credentials. */
  readonly credential: { readonly kind: "apiKey"; readonly value: Secret } | undefined;
}

export interface ClaudeConfig {
  readonly access: AnthropicAccess | BedrockAccess;
  readonly model: string;
  readonly effort: "low" | "medium" | "high" | "xhigh" | "max" | undefined;
  readonly limits: ClaudeLimits;
}

/** Whether the environment says how to reach a model: a key, a token, another address, or Bedrock. */
export function isClaudeConfigured(env: NodeJS.ProcessEnv = process.env): boolean {
  const has = (name: string) => Boolean(env[name] || env[`${name}_FILE`]);
  if (env["ONCALL_CLAUDE_PROVIDER"] === "bedrock") return true;
  return has("ANTHROPIC_API_KEY") || has("ANTHROPIC_AUTH_TOKEN") || has("ANTHROPIC_BASE_URL");
}

/** @throws ConfigError which names the variable that is wrong or missing. */
export function readClaudeConfig(env: NodeJS.ProcessEnv = process.env): ClaudeConfig {
  const read = readEnvironment(ClaudeVariables, env);
  const provider = read.ONCALL_CLAUDE_PROVIDER;
  return {
    access: provider === "bedrock" ? bedrockAccess(read) : anthropicAccess(read),
    model: read.ONCALL_CLAUDE_MODEL ?? DEFAULT_MODEL[provider],
    effort: read.ONCALL_CLAUDE_EFFORT,
    limits: {
      turns: read.ONCALL_CLAUDE_MAX_TURNS,
      tokens: read.ONCALL_CLAUDE_MAX_TOKENS,
      seconds: read.ONCALL_CLAUDE_MAX_SECONDS,
      retrySeconds: read.ONCALL_CLAUDE_RETRY_SECONDS,
      outputTokens: read.ONCALL_CLAUDE_MAX_OUTPUT_TOKENS,
    },
  };
}

function anthropicAccess(read: z.output<typeof ClaudeVariables>): AnthropicAccess {
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: token, ANTHROPIC_BASE_URL: baseUrl } = read;
  if (!key && !token && !baseUrl) {
    throw new ConfigError(
      "the claude engine has no model to ask. Set one of:\n" +
        "  ANTHROPIC_API_KEY  API key\n" +
        "  ANTHROPIC_BASE_URL  address of a gateway, with ANTHROPIC_AUTH_TOKEN if it asks for one\n" +
        "  ONCALL_CLAUDE_PROVIDER=bedrock  with AWS_REGION",
    );
  }
  // The SDK takes one credential at most; like the SDK, the key goes first.
  const credential = key
    ? ({ kind: "apiKey", value: key } as const)
    : token && ({ kind: "authToken", value: token } as const);
  return { provider: "anthropic", baseUrl: baseUrl ?? "https://api.anthropic.com", credential };
}

function bedrockAccess(read: z.output<typeof ClaudeVariables>): BedrockAccess {
  const { AWS_REGION: region, AWS_BEARER_TOKEN_BEDROCK: token, ANTHROPIC_BEDROCK_BASE_URL: baseUrl } = read;
  if (!region) throw new ConfigError("AWS_REGION: ONCALL_CLAUDE_PROVIDER=bedrock needs the region to ask in");
  return { provider: "bedrock", region, baseUrl, credential: token && { kind: "apiKey", value: token } };
}
