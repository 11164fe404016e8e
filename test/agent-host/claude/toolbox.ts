/** A toolbox in this process: real tools with real receipts, run by core's one place that runs calls. */
import { collectEvidence, createLogger, type Evidence, EvidenceKey } from "@oncall-copilot/core";
import { type AnyTool, defineServer, describeTool, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import type { Toolbox, ToolCall } from "../../../agent-host/src/tools/toolbox.ts";

export const KEY = new EvidenceKey(Buffer.alloc(32, 7));

/** Each server by its letter and tools; its tools are called as the host would call them over MCP. */
export function toolboxOf(servers: readonly { name: string; letter: string; tools: readonly AnyTool[] }[]): Toolbox {
  const definitions = servers.map(({ name, letter, tools }) =>
    defineServer({
      name,
      letter,
      tools,
      version: "0",
      instructions: "",
      now: () => Date.parse("2026-03-01T10:05:00Z"),
    }),
  );
  const calls: ToolCall[] = [];
  const evidence = new Map<string, Evidence>();
  return {
    tools: definitions.flatMap((server) =>
      server.tools.map((tool) => {
        const { name, description = "", inputSchema } = describeTool(tool);
        return { server: server.name, name, description, inputSchema, readOnly: tool.readOnly };
      }),
    ),
    gaps: [],
    calls,
    evidence,
    call: async (name, args, options = {}) => {
      options.signal?.throwIfAborted();
      const { server, tool } = find(definitions, name);
      const { text, structured } = await runCall(server, tool, args, {
        key: KEY,
        log: createLogger("test", "silent"),
        ...(options.signal ? { signal: options.signal } : {}),
      });
      options.signal?.throwIfAborted();
      collectEvidence(structured, evidence);
      const { outcome, reason = null } = structured as Pick<ToolCall, "outcome" | "reason">;
      const sequence = calls.length + 1;
      const call: ToolCall = {
        sequence,
        server: server.name,
        tool: name,
        arguments: args,
        outcome,
        reason,
        text,
        structured,
        seconds: 0,
      };
      calls.push(call);
      return call;
    },
  };
}

function find(definitions: readonly ServerDefinition[], name: string): { server: ServerDefinition; tool: AnyTool } {
  for (const server of definitions) {
    const tool = server.tools.find((candidate) => candidate.name === name);
    if (tool) return { server, tool };
  }
  throw new Error(`no tool ${name}`);
}
