import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { VERSION } from "@oncall-copilot/core";
import { z } from "zod";
import type { CallOptions, Connection, ConnectionAnswer, ToolInfo } from "./toolbox.ts";

/** How long a server may take to start and list its tools, in milliseconds. */
const START_MS = 15_000;
/** Longer than any server's own deadline, which gives the better message. */
const CALL_MS = 30_000;

/** What of a tool result is read here; whatever else a server says is kept in `structured`. */
const Structured = z.looseObject({
  outcome: z.enum(["found", "nothing_found", "could_not_look", "bad_request"]),
  reason: z.string().optional(),
});

function couldNotLook(reason: NonNullable<ConnectionAnswer["reason"]>, message: string): ConnectionAnswer {
  return {
    outcome: "could_not_look",
    reason,
    text: `Could not look (${reason}): ${message}`,
    structured: { outcome: "could_not_look", reason, message },
  };
}

/**
 * One server over any MCP transport. `why` tells what the transport knows of a failure beyond the protocol's own message,
 * such as the last line a child wrote to stderr.
 */
export async function connectMcp(
  server: string,
  transport: Transport,
  why: () => string = () => "",
): Promise<Connection> {
  const client = new Client({ name: "oncall-copilot", version: VERSION });
  let closed = false;
  client.onclose = () => {
    closed = true;
  };
  try {
    await client.connect(transport, { timeout: START_MS });
    const { tools } = await client.listTools({}, { timeout: START_MS });
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
      call: (tool, args, options) =>
        call(client, server, tool, args, options, () => (closed ? why() || "its process ended" : why())),
      close: () => client.close(),
    };
  } catch (error) {
    await client.close().catch(() => {}); // it never came up; why it did not is what matters
    const detail = why() || (error instanceof Error ? error.message : String(error));
    throw new Error(detail);
  }
}

async function call(
  client: Client,
  server: string,
  tool: string,
  args: Readonly<Record<string, unknown>>,
  options: CallOptions,
  why: () => string,
): Promise<ConnectionAnswer> {
  try {
    const result = await client.callTool({ name: tool, arguments: { ...args } }, undefined, {
      timeout: CALL_MS,
      // A signal of its own: the SDK leaves its listener on the one it is given.
      ...(options.signal ? { signal: AbortSignal.any([options.signal]) } : {}),
    });
    const content = Array.isArray(result.content) ? (result.content as { type: string; text?: string }[]) : [];
    const text = content
      .flatMap((part) => (part.type === "text" && part.text !== undefined ? [part.text] : []))
      .join("\n");
    const parsed = Structured.safeParse(result.structuredContent);
    if (!parsed.success) return couldNotLook("bad_response", `${server} answered ${tool} without a known outcome`);
    const { outcome, reason } = parsed.data;
    const known = outcome === "could_not_look" ? ((reason ?? "internal") as ConnectionAnswer["reason"]) : null;
    return { outcome, reason: known, text, structured: parsed.data };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof McpError && error.code === ErrorCode.RequestTimeout) {
      return couldNotLook("timed_out", `${server} did not answer ${tool} within ${CALL_MS / 1000} s`);
    }
    const detail = [error instanceof Error ? error.message : String(error), why()]
      .filter((part) => part !== "")
      .join("; ");
    return couldNotLook("unreachable", `${server} failed during ${tool}: ${detail}`);
  }
}
