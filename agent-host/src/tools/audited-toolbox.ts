import type { Evidence, EvidenceKey } from "@oncall-copilot/core";
import type { AuditTrail, AuditType } from "../audit/audit-trail.ts";
import { toolCalled } from "../audit/tool-called.ts";
import { type OpenToolbox, openToolbox, type ToolboxOptions } from "./open-toolbox.ts";
import type { ServerPool } from "./server-pool.ts";
import type { KeptCall, ToolCall } from "./toolbox.ts";

export interface AuditedOptions {
  readonly key: EvidenceKey;
  /** Variables for the servers; each sees only its own. */
  readonly env: NodeJS.ProcessEnv;
  readonly transport: "child" | "in-process";
  /** Servers that are shared with other triages of this process. */
  readonly pool?: ServerPool | undefined;
  /** Answers of earlier looks at the same incident: the same question is not asked again. */
  readonly kept?: readonly KeptCall[] | undefined;
  readonly audit: AuditTrail;
  progress(event: CallProgress): void;
}

export interface CallProgress {
  readonly kind: "call";
  readonly call: ToolCall | Pick<ToolCall, "server" | "tool" | "arguments">;
}

/** A toolbox whose every call is on the trail. */
export interface AuditedToolbox {
  readonly toolbox: OpenToolbox;
  /** Logged as it happens: whoever is at work may end without a word, and what it did is done. */
  log(type: AuditType, data: Readonly<Record<string, unknown>>): Promise<void>;
  /** Waits until all that was logged is written, or is known not to be. */
  settled(): Promise<void>;
}

/** `given` is evidence that the host itself has minted. */
export async function openAuditedToolbox(options: AuditedOptions, given: readonly Evidence[]): Promise<AuditedToolbox> {
  const pending: Promise<void>[] = [];
  const log = (type: AuditType, data: Readonly<Record<string, unknown>>) => {
    const logged = options.audit.append(type, data);
    logged.catch(() => {}); // told when all are awaited: until then it must not count as unhandled
    pending.push(logged);
    return logged;
  };
  const onCall: ToolboxOptions["onCall"] = async (event) => {
    options.progress({ kind: "call", call: event.call });
    if (event.phase === "end") void log("tool_called", toolCalled(event.call));
    // On disk before anything is written: whoever is stopped in the middle of it has left something somewhere.
    else if (!event.readOnly) await log("write_begun", { server: event.call.server, tool: event.call.tool });
  };
  const { key, env, transport, pool, kept } = options;
  const toolbox = await openToolbox({
    key,
    given,
    env,
    transport,
    onCall,
    ...(pool ? { pool } : {}),
    ...(kept ? { kept } : {}),
  });
  return {
    toolbox,
    log,
    settled: async () => {
      await Promise.allSettled(pending);
    },
  };
}
