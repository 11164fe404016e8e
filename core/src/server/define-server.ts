import type { ExamineOptions, Finding } from "./doctor/finding.ts";
import type { AnyTool } from "./tool.ts";

/** A server: a name, a letter for its receipts, and its tools. Everything else about serving is the same for all. */
export interface ServerDefinition {
  /** The MCP server name, e.g. `oncall-logs`. */
  readonly name: string;
  readonly version: string;
  /** One lower-case letter; the first character of every evidence id this server mints. */
  readonly letter: string;
  /** Told to the client's model once, on connect. */
  readonly instructions: string;
  readonly tools: readonly AnyTool[];
  /** What its configuration alone gives to say, before any backend is looked at. */
  readonly configured?: readonly Finding[];
  /** The present moment in epoch milliseconds. A recording stands still at its as-of. */
  now(): number;
  /**
   * Reads what the start has put off and throws ConfigError when it is wrong. Called before listening over HTTP, and a
   * moment after the start over stdio, where a client waits.
   */
  check?(): void;
  /**
   * Looks at its own backends: reachable, authenticated, the right data, and what the credential could do beyond reading. Never
   * throws for what a backend does: that is a finding. Stops at the first check of a backend that fails.
   */
  examine?(options: ExamineOptions): Promise<readonly Finding[]>;
  /** Lets go of backends. Called once, after the last call in flight has ended. */
  close?(): Promise<void>;
}

export function defineServer(definition: ServerDefinition): ServerDefinition {
  if (!/^[a-z]$/.test(definition.letter)) {
    throw new Error(`server ${definition.name}: letter must be one of a-z, not "${definition.letter}"`);
  }
  const names = definition.tools.map((tool) => tool.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`server ${definition.name}: two tools are named ${twice}`);
  return definition;
}
