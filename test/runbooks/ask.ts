import { createLogger, EvidenceKey } from "@oncall-copilot/core";
import { readEnvironment, runCall } from "@oncall-copilot/core/server";
import { z } from "zod";
import { RunbookOutput } from "../../servers/runbooks/src/output.ts";
import { buildServer, configSchema } from "../../servers/runbooks/src/server.ts";
import { type RecordingInput, writeRecording } from "../support/recording.ts";

export const KEY = new EvidenceKey(new Uint8Array(32).fill(7));

const Answer = RunbookOutput.extend({
  outcome: z.enum(["found", "nothing_found"]),
  summary: z.string(),
  searched: z.string().optional(),
  try_next: z.array(z.string()).optional(),
  gaps: z.array(z.string()).optional(),
});

/** A page's source with its front matter. */
export function page(title: string, body: string, matter: Readonly<Record<string, string>> = {}): string {
  const fields = { title, version: "3", updated: "2026-02-01", ...matter };
  return `---\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("")}---\n${body}`;
}

/** A server over a recording with these pages, with deployments known unless told otherwise. */
export async function runbooksServer(input: RecordingInput, env: Readonly<Record<string, string>> = {}) {
  const dir = await writeRecording({ deployments: [], ...input });
  const server = await buildServer(readEnvironment(configSchema, { ONCALL_RECORDING: dir, ...env }));
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const call = (args: unknown) => runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent") });
  return { tool, call, ask: async (args: unknown) => Answer.parse((await call(args)).structured) };
}
