import { createClaudeEngine, isClaudeConfigured, readClaudeConfig } from "../engines/claude/claude-engine.ts";
import type { Engine } from "../engines/engine.ts";
import { createRulesEngine } from "../engines/rules/rules-engine.ts";
import { UsageError } from "./exit.ts";

export interface ChosenEngine {
  readonly engine: Engine;
  /** Takes over when the engine is unavailable; the rules engine never is. */
  readonly fallback: Engine | null;
  readonly note: string | null;
}

/** The engine that was asked for; without a wish, Claude when it is configured, else the rules. */
export function chooseEngine(wish: string | undefined, env: NodeJS.ProcessEnv): ChosenEngine {
  if (wish !== undefined && wish !== "claude" && wish !== "rules") {
    throw new UsageError(`--engine takes claude or rules, not "${wish}"`);
  }
  const rules = createRulesEngine();
  const configured = isClaudeConfigured(env);
  if (wish === "claude" && !configured) {
    throw new UsageError(
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
