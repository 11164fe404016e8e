import { createLogger, EvidenceKey } from "@oncall-copilot/core";
import { type CallResult, runCall } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "../../servers/logs/src/server.ts";
import { type RecordingInput, writeRecording } from "../support/recording.ts";

export const KEY = new EvidenceKey(Buffer.alloc(32, 7));

/** A `read_logs` that answers from a recording, asked as a client would. */
export async function readLogsFrom(recording: RecordingInput | string, asOf?: string) {
  const dir = typeof recording === "string" ? recording : await writeRecording(recording);
  const environment = { ONCALL_RECORDING: dir, ...(asOf === undefined ? {} : { ONCALL_AS_OF: asOf }) };
  const server = await buildServer(configSchema.parse(environment));
  const [tool] = server.tools;
  if (!tool) throw new Error("the logs server has no tool");
  const call = (args: unknown, signal?: AbortSignal): Promise<CallResult> =>
    runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent"), ...(signal ? { signal } : {}) });
  return { call, tool, dir };
}
