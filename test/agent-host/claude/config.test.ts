import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { ConfigError } from "@oncall-copilot/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { isClaudeConfigured, readClaudeConfig } from "../../../agent-host/src/engines/claude/claude-engine.ts";

describe("the claude engine's configuration", () => {
  it.each([
    [{}, false],
    [{ ANTHROPIC_API_KEY: "" }, false],
    [{ AWS_REGION: "eu-central-1" }, false],
    [{ ANTHROPIC_API_KEY: "k" }, true],
    [{ ANTHROPIC_API_KEY_FILE: "/run/secrets/key" }, true],
    [{ ANTHROPIC_AUTH_TOKEN: "t" }, true],
    [{ ANTHROPIC_BASE_URL: "http://127.0.0.1:1" }, true],
    [{ ONCALL_CLAUDE_PROVIDER: "bedrock" }, true],
    [{ ONCALL_CLAUDE_PROVIDER: "anthropic" }, false],
  ])("of %j is there: %s", (env, there) => {
    expect(isClaudeConfigured(env)).toBe(there);
  });

  it("has defaults for all but how to reach a model", () => {
    expect(readClaudeConfig({ ANTHROPIC_API_KEY: "k" })).toMatchObject({
      access: { provider: "anthropic", baseUrl: "https://api.anthropic.com" },
      model: "claude-opus-5-5",
      effort: undefined,
      limits: { turns: 12, tokens: 300_000, seconds: 300, retrySeconds: 30, outputTokens: 16_000 },
    });
  });

  it("names the choices when there is no model to ask", () => {
    expect(() => readClaudeConfig({})).toThrow(ConfigError);
    expect(() => readClaudeConfig({})).toThrow(/ANTHROPIC_API_KEY[\s\S]*ANTHROPIC_BASE_URL[\s\S]*bedrock/);
  });

  it("wants the region of Bedrock", () => {
    expect(() => readClaudeConfig({ ONCALL_CLAUDE_PROVIDER: "bedrock" })).toThrow(/AWS_REGION/);
  });

  it.each([
    ["ONCALL_CLAUDE_EFFORT", "huge"],
    ["ONCALL_CLAUDE_MAX_TURNS", "0"],
    ["ONCALL_CLAUDE_MAX_TOKENS", "many"],
    ["ONCALL_CLAUDE_MAX_SECONDS", "-1"],
    ["ONCALL_CLAUDE_PROVIDER", "vertex"],
    ["ANTHROPIC_BASE_URL", "not an address"],
  ])("refuses a wrong %s and names it", (name, value) => {
    expect(() => readClaudeConfig({ ANTHROPIC_API_KEY: "k", [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it("reads the key from a file, and prints it nowhere", async () => {
    const dir = await mkdtemp(join(tmpdir(), "oncall-claude-"));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(join(dir, "key"), "sk-ant-from-a-file\n");
    const config = readClaudeConfig({ ANTHROPIC_API_KEY_FILE: join(dir, "key") });
    expect(config.access.credential?.value.reveal()).toBe("sk-ant-from-a-file");
    expect(`${JSON.stringify(config)} ${inspect(config, { depth: 9 })}`).not.toContain("sk-ant-from-a-file");
  });

  it("takes the key before the token when both are there", () => {
    const { access } = readClaudeConfig({ ANTHROPIC_API_KEY: "key", ANTHROPIC_AUTH_TOKEN: "token" });
    expect(access.credential).toMatchObject({ kind: "apiKey" });
  });
});
