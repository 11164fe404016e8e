import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolResultSchema, ErrorCode, ListToolsResultSchema, McpError } from "@modelcontextprotocol/sdk/types.js";
import { VERSION } from "@oncall-copilot/core/server";
import { couldNotLook, readAnswer } from "./read-answer.ts";
import type { CallOptions, Connection, ConnectionAnswer, ToolInfo } from "./toolbox.ts";

/** How long a server may take to connect and to list its tools, each, in milliseconds, unless told otherwise. */
const START_MS = 15_000;
/** Longer than a tool's own deadline, which gives the better message; what writes has a minute, and must not be left halfway. */
const CALL_MS = 35_000;
const WRITE_MS = 70_000;

/** The server did not come up in time; it may well do so in a longer one. */
export class StartTimeout extends Error {
  override readonly name = "StartTimeout";
}

/**
 * One server over any MCP transport. `why` tells what the transport knows of a failure beyond the protocol's own message,
 * such as the last line a child wrote to stderr.
 */
export async function connectMcp(
  server: string,
  transport: Transport,
  why: () => string = () => "",
  startMs: number = START_MS,
): Promise<Connection> {
  const client = new Client({ name: "oncall-copilot", version: VERSION });
  let closed = false;
  client.onclose = () => {
    closed = true;
  };
  try {
    await client.connect(transport, { timeout: startMs });
    // Not by listTools and callTool, which run the server's own output schema: its regular expressions could take forever.
    const { tools } = await client.request({ method: "tools/list" }, ListToolsResultSchema, { timeout: startMs });
    const infos = tools.map(
      (tool): ToolInfo => ({
        server,
        name: tool.name,
        description: tool.description ?? "",
        inputSchema: tool.inputSchema,
        readOnly: tool.annotations?.readOnlyHint === true,
      }),
    );
    return {
      server,
      tools: infos,
      get open() {
        return !closed;
      },
      call: (tool, args, options) => {
        const timeout = infos.find(({ name }) => name === tool)?.readOnly === false ? WRITE_MS : CALL_MS;
        const known = () => (closed ? why() || "its process ended" : why());
        return call(client, server, { tool, args, timeout }, options, known);
      },
      close: () => client.close(),
    };
  } catch (error) {
    await client.close().catch(() => {}); // it never came up; why it did not is what matters
    const detail = why() || (error instanceof Error ? error.message : String(error));
    const late = error instanceof McpError && error.code === ErrorCode.RequestTimeout;
    throw late ? new StartTimeout(`it did not come up within ${startMs / 1000} s`) : new Error(detail);
  }
}

interface Asked {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** In milliseconds. */
  readonly timeout: number;
}

async function call(
  client: Client,
  server: string,
  { tool, args, timeout }: Asked,
  options: CallOptions,
  why: () => string,
): Promise<ConnectionAnswer> {
  try {
    const request = { method: "tools/call" as const, params: { name: tool, arguments: { ...args } } };
    const result = await client.request(request, CallToolResultSchema, {
      timeout,
      // A signal of its own: the SDK leaves its listener on the one it is given.
      ...(options.signal ? { signal: AbortSignal.any([options.signal]) } : {}),
    });
    return readAnswer(result, { server, tool });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof McpError && error.code === ErrorCode.RequestTimeout) {
      return couldNotLook("timed_out", `${server} did not answer ${tool} within ${timeout / 1000} s`);
    }
    const detail = [error instanceof Error ? error.message : String(error), why()]
      .filter((part) => part !== "")
      .join("; ");
    return couldNotLook("unreachable", `${server} failed during ${tool}: ${detail}`);
  }
}
