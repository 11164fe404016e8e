import { createLogger, EvidenceKey } from "@oncall-copilot/core";
import { readEnvironment, runCall } from "@oncall-copilot/core/server";
import { z } from "zod";
import { HistoryOutput } from "../../servers/history/src/output.ts";
import { buildServer, configSchema } from "../../servers/history/src/server.ts";
import { at, type RecordingInput, writeRecording } from "../support/recording.ts";

export const KEY = new EvidenceKey(new Uint8Array(32).fill(7));

export interface IncidentRow {
  readonly id: string;
  readonly alert?: string;
  readonly service?: string;
  /** Start, in minutes after the default alert. */
  readonly start: number;
  /** Minutes it lasted; null for one that was never resolved. */
  readonly lasted?: number | null;
  readonly fingerprint?: string;
  readonly summary?: string;
  readonly cause?: string | null;
  readonly fix?: string | null;
  readonly worked?: boolean | null;
  readonly pr?: string | null;
}

/** One row as history.ndjson.gz has it. */
export function incident(row: IncidentRow): Record<string, unknown> {
  const { alert = "HighErrorRate", service = "storefront", lasted = 20 } = row;
  return {
    id: row.id,
    fingerprint: row.fingerprint ?? "00000000000000aa",
    alert,
    service,
    severity: "critical",
    summary: row.summary ?? `${service}: error ratio is above 5 %`,
    started_at: at(row.start),
    resolved_at: lasted === null ? null : at(row.start + lasted),
    root_cause: row.cause ?? null,
    fix: row.fix ?? null,
    fix_worked: row.worked ?? null,
    pr_url: row.pr ?? null,
  };
}

const Answer = HistoryOutput.extend({
  outcome: z.enum(["found", "nothing_found"]),
  summary: z.string(),
  searched: z.string().optional(),
  gaps: z.array(z.string()).optional(),
});

/** A server over a recording with this history, or over the environment given. */
export async function historyServer(input: RecordingInput, env: Readonly<Record<string, string>> = {}) {
  const dir = await writeRecording(input);
  const server = await buildServer(readEnvironment(configSchema, { ONCALL_RECORDING: dir, ...env }));
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const call = (args: unknown, signal?: AbortSignal) =>
    runCall(server, tool, args, {
      key: KEY,
      log: createLogger("test", "silent"),
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    server,
    tool,
    call,
    /** The structured answer; throws when the call failed. */
    ask: async (args: unknown) => Answer.parse((await call(args)).structured),
  };
}
