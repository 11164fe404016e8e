import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { createLogger, type EvidenceKey } from "@oncall-copilot/core";
import { mcpServer, readEnvironment, type ServerDefinition, withScopes } from "@oncall-copilot/core/server";
import type { z } from "zod";
import { connectMcp } from "./mcp-connection.ts";
import type { Connection } from "./toolbox.ts";

interface ServerModule {
  readonly configSchema: z.ZodObject;
  buildServer(config: never): Promise<ServerDefinition>;
}

/** The one place of the host that knows server code: the same servers, without a process each. */
const MODULES: Readonly<Record<string, () => Promise<ServerModule>>> = {
  logs: () => import("@oncall-copilot/logs"),
  metrics: () => import("@oncall-copilot/metrics"),
  runbooks: () => import("@oncall-copilot/runbooks"),
  history: () => import("@oncall-copilot/history"),
  git: () => import("@oncall-copilot/git"),
};

export async function connectInProcess(server: string, env: NodeJS.ProcessEnv, key: EvidenceKey): Promise<Connection> {
  const load = MODULES[server];
  if (!load) throw new Error(`no server is named ${server}; there are ${Object.keys(MODULES).join(", ")}`);
  const { configSchema, buildServer } = await load();
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
  return { ...connection, close };
}
