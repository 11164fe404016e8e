import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type Tool as McpTool,
} from "@modelcontextprotocol/sdk/types.js";
import { type CallOptions, runCall } from "../call/run-call.ts";
import type { ServerDefinition } from "../define-server.ts";
import type { AnyTool } from "../tool.ts";
import { objectSchema, outputSchema } from "./envelope.ts";

export type ServeOptions = Omit<CallOptions, "signal" | "progress">;

/** A tool as MCP's `tools/list` shows it. */
export function describeTool(tool: AnyTool): McpTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: objectSchema(tool.input, "input") as McpTool["inputSchema"],
    outputSchema: outputSchema(tool.output) as McpTool["outputSchema"],
    annotations: {
      title: tool.title,
      readOnlyHint: tool.readOnly,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: !tool.readOnly,
    },
    _meta: { "oncall/scope": tool.scope },
  };
}

/** Calls in flight across every connection of one process, so that closing can wait for them. */
export class InFlight {
  readonly #calls = new Set<Promise<unknown>>();

  track<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    const done = () => this.#calls.delete(call);
    call.then(done, done);
    return call;
  }

  /** Resolves when none is left or after `ms` milliseconds; says whether none was left. */
  async settle(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([Promise.allSettled(this.#calls), late]);
    clearTimeout(timer);
    return this.#calls.size === 0;
  }
}

/** Binds a definition to the MCP SDK. The one file that would change for another SDK. */
export function mcpServer(
  definition: ServerDefinition,
  options: ServeOptions,
  inFlight = new InFlight(),
  stopped?: AbortSignal,
): Server {
  const server = new Server(
    { name: definition.name, version: definition.version },
    { capabilities: { tools: {} }, instructions: definition.instructions },
  );
  const tools = new Map(definition.tools.map((tool) => [tool.name, tool]));
  let listed: McpTool[] | undefined;
  server.setRequestHandler(ListToolsRequestSchema, () => {
    listed ??= definition.tools.map(describeTool);
    return { tools: listed };
  });
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const tool = tools.get(request.params.name);
    if (!tool) {
      const valid = [...tools.keys()].join(", ");
      const asked = request.params.name.slice(0, 64);
      throw new McpError(ErrorCode.InvalidParams, `unknown tool "${asked}"; this server has ${valid}`);
    }
    const token = request.params._meta?.progressToken;
    let steps = 0;
    const progress = (message: string) => {
      if (token === undefined) return;
      const params = { progressToken: token, progress: ++steps, message };
      // A caller that has gone away is no reason to fail the call it made.
      extra.sendNotification({ method: "notifications/progress", params }).catch(() => {});
    };
    const signal = stopped ? AbortSignal.any([extra.signal, stopped]) : extra.signal;
    const result = await inFlight.track(
      runCall(definition, tool, request.params.arguments, { ...options, signal, progress }),
    );
    return {
      isError: result.isError,
      content: [{ type: "text", text: result.text }],
      structuredContent: { ...result.structured },
    };
  });
  return server;
}
