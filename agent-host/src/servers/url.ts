import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Secret } from "@oncall-copilot/core";
import { connectMcp } from "./mcp-connection.ts";
import type { Connection } from "./toolbox.ts";

/** A server that runs elsewhere, over Streamable HTTP. The token travels in the Authorization header only. */
export function connectUrl(server: string, url: URL, token?: Secret): Promise<Connection> {
  const requestInit = token ? { headers: { authorization: `Bearer ${token.reveal()}` } } : {};
  return connectMcp(server, new StreamableHTTPClientTransport(url, { requestInit }) as Transport, () => "");
}
