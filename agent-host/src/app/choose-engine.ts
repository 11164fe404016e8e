import { ConfigError } from "@oncall-copilot/core";
import { createClaudeEngine, isClaudeConfigured, readClaudeConfig } from "../engines/claude/claude-engine.ts";
import type { Engine } from "../engines/engine.ts";
import { createRulesEngine } from "../engines/rules/rules-engine.ts";

export interface ChosenEngine {
  readonly engine: Engine;
  /** Takes over when the engine is unavailable; the rules engine never is. */
  readonly fallback: Engine | null;
  readonly note: string | null;
}

/**
 * The engine that was asked for; without a wish, Claude when it is configured, else the rules.
 *
 * @throws ConfigError when the engine that was asked for has no model to ask.
 */
export function chooseEngine(wish: Engine["name"] | null, env: NodeJS.ProcessEnv): ChosenEngine {
  const rules = createRulesEngine();
  const configured = isClaudeConfigured(env);
  if (wish === "claude" && !configured) {
    throw new ConfigError(
      "--engine claude needs ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, or ONCALL_CLAUDE_PROVIDER=bedrock",
    );
  }
  if (wish === "rules" || !configured) {
    const note =
      wish === "rules" ? null : "no model is configured (ANTHROPIC_API_KEY), so the rules engine made this report";
    return { engine: rules, fallback: null, note };
  }
  return { engine: createClaudeEngine(readClaudeConfig(env)), fallback: rules, note: null };
}
