import { createLogger, EvidenceKey } from "@oncall-copilot/core";
import { runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { encode } from "gpt-tokenizer";
import { ASKED } from "../../history.ts";

/** Something that holds a million incidents and is asked about them, by the tool and without it. */
export interface Engine {
  /** What one call costs beside its time. */
  count(): Promise<{ readonly tokens: number; readonly statements: number; readonly requests: number | string }>;
  /** The very statements that a call runs, straight to the engine. */
  raw(): Promise<void>;
  ask(): Promise<void>;
  close(): Promise<void>;
}

/** Opens an engine on the generated incidents: a folder with `history.parquet`. */
export type OpenEngine = (folder: string) => Promise<Engine>;

const options = {
  key: new EvidenceKey(Buffer.alloc(32, 7)),
  log: createLogger("bench", "silent"),
  deadlineMs: 300_000,
};

/** Asks the tool, and gives what a model gets. */
export async function answerOf(server: ServerDefinition): Promise<string> {
  const [tool] = server.tools;
  if (!tool) throw new Error("oncall-history has no tool");
  const { isError, text } = await runCall(server, tool, ASKED, options);
  if (isError) throw new Error(text);
  return text;
}

export const tokensOf = (text: string): number => encode(text).length;
