import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { ServerPackage } from "./discover.ts";
import { environmentFor } from "./environment.ts";
import { connectMcp } from "./mcp-connection.ts";
import { startAgain } from "./start-again.ts";
import type { Connection } from "./toolbox.ts";

const MAX_STDERR = 4_096;

/** Starts the server's bin as a child that sees only its own environment variables, and speaks MCP over its stdio. */
export function connectChild(server: ServerPackage, env: NodeJS.ProcessEnv): Promise<Connection> {
  return startAgain((timeoutMs) => startChild(server, env, timeoutMs));
}

function startChild(server: ServerPackage, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Connection> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [server.bin],
    env: environmentFor(server, env),
    stderr: "pipe",
  });
  let tail = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString("utf8")).slice(-MAX_STDERR);
  });
  return connectMcp(server.server, transport, () => tail.trim().replaceAll(/\s*\n\s*/g, " "), timeoutMs);
}
