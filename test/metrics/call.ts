import { createLogger, EvidenceKey } from "@oncall-copilot/core";
import { type CallResult, runCall } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "../../servers/metrics/src/server.ts";

export const KEY = new EvidenceKey(new Uint8Array(32).fill(7));

/** Calls read_metrics of a server that answers from a recording, through the same path as any client's call. */
export async function callReadMetrics(
  recording: string,
  args: unknown,
  env: Record<string, string> = {},
): Promise<CallResult> {
  const server = await buildServer(configSchema.parse({ ONCALL_RECORDING: recording, ...env }));
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent") });
}
