import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { createLogger, type EvidenceKey } from "@oncall-copilot/core";
import { mcpServer, readEnvironment, withScopes } from "@oncall-copilot/core/server";
import type { ServerPackage } from "./discover.ts";
import { loadServer } from "./load-server.ts";
import { connectMcp } from "./mcp-connection.ts";
import type { Connection } from "./toolbox.ts";

/** The same server, without a process of its own. */
export async function connectInProcess(
  { server, packageName }: ServerPackage,
  env: NodeJS.ProcessEnv,
  key: EvidenceKey,
): Promise<Connection> {
  const { configSchema, buildServer } = await loadServer(packageName);
  const config = readEnvironment(configSchema, env);
  const { ONCALL_SCOPES: granted } = config as { readonly ONCALL_SCOPES?: string };
  const definition = withScopes(await buildServer(config as never), granted);
  definition.check?.();
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const bound = mcpServer(definition, { key, log: createLogger(definition.name) });
  await bound.connect(theirs);
  const connection = await connectMcp(server, ours);
  const close = async () => {
    await connection.close();
    await definition.close?.();
  };
  // Not spread: whether it is open is asked when it is asked.
  return Object.create(connection, { close: { value: close, enumerable: true } }) as Connection;
}
