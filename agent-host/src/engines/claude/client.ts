import type { Anthropic } from "@anthropic-ai/sdk";
import type { ClaudeConfig } from "./config.ts";

/** The one thing that is used of a client, the same for both providers. */
export interface ModelClient {
  readonly messages: Pick<Anthropic["messages"], "stream">;
}

/** How long the service may take to begin its answer, in milliseconds. The SDK's own is ten minutes. */
const BEGIN_MS = 90_000;

const COMMON = {
  // The session asks again: it knows how long the engineer may wait, and says so meanwhile.
  maxRetries: 0,
  timeout: BEGIN_MS,
  // The SDK logs to the console, stdout included, and can trace requests with their content when the environment
  // says so. What may leave this process is the host's to decide.
  logLevel: "off",
  openTelemetry: false,
} as const;

/** Makes the provider's client. SDKs are loaded only here, since most runs of the command ask no model. */
export async function connect(config: ClaudeConfig): Promise<ModelClient> {
  const { access } = config;
  if (access.provider === "bedrock") {
    const { AnthropicBedrock } = await import("@anthropic-ai/bedrock-sdk");
    return new AnthropicBedrock({
      ...COMMON,
      awsRegion: access.region,
      apiKey: access.credential?.value.reveal() ?? null,
      ...(access.baseUrl === undefined ? {} : { baseURL: access.baseUrl }),
    });
  }
  const { Anthropic } = await import("@anthropic-ai/sdk");
  // A gateway without authentication still gets a header: with none, the SDK would look for credentials in the user's
  // files and send those to it.
  const credential = access.credential
    ? { [access.credential.kind]: access.credential.value.reveal() }
    : { authToken: "none" };
  return new Anthropic({ ...COMMON, baseURL: access.baseUrl, ...credential });
}
