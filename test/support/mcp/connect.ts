import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { createLogger, EvidenceKey } from "@oncall-copilot/core";
import { mcpServer, readEnvironment, type ServerDefinition, withScopes } from "@oncall-copilot/core/server";
import type { z } from "zod";
import { FIXED_KEY, serverEnvironment, startHttp } from "./process.ts";
import type { BuiltServer } from "./servers.ts";

/** A connected client of the real SDK, which checks structured content against the advertised output schema. */
export interface Connected {
  readonly client: Client;
  close(): Promise<void>;
}

export type Variables = Readonly<Record<string, string>>;
export const TRANSPORTS = ["stdio", "http", "in process"] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** One server over one transport. */
export function connect(over: TransportName, server: BuiltServer, env: Variables): Promise<Connected> {
  if (over === "stdio") return connectStdio(server.bin, env);
  if (over === "http") return connectHttp(server.bin, env);
  return connectInProcess(server, env);
}

const newClient = () => new Client({ name: "oncall-contract-tests", version: "1.0.0" });

export async function connectStdio(bin: string, env: Variables): Promise<Connected> {
  const client = newClient();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin],
    env: serverEnvironment(env),
    stderr: "ignore",
  });
  await client.connect(transport);
  return { client, close: () => client.close() };
}

/** Whom a server knows: nobody else is offered what writes. */
const HTTP_TOKEN = randomBytes(24).toString("base64url");

export async function connectHttp(bin: string, env: Variables): Promise<Connected> {
  const { server, url } = await startHttp(bin, { ...env, ONCALL_HTTP_TOKEN: HTTP_TOKEN });
  const client = newClient();
  const requestInit = { headers: { authorization: `Bearer ${HTTP_TOKEN}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }) as Transport);
  const close = async () => {
    await client.close();
    server.child.kill("SIGTERM");
    await server.ended;
  };
  return { client, close };
}

/** What every server package exports: the two names that in-process mounting relies on. */
export interface ServerModule {
  readonly configSchema: z.ZodObject;
  buildServer(config: never): Promise<ServerDefinition>;
}

export async function loadServerModule(server: BuiltServer): Promise<ServerModule> {
  return (await import(pathToFileURL(join(server.folder, "src/server.ts")).href)) as ServerModule;
}

async function connectInProcess(server: BuiltServer, env: Variables): Promise<Connected> {
  const { configSchema, buildServer } = await loadServerModule(server);
  // As a start does: what no scope grants is not offered.
  const definition = withScopes(await buildServer(readEnvironment(configSchema, env) as never), env["ONCALL_SCOPES"]);
  const key = new EvidenceKey(Buffer.from(FIXED_KEY, "hex"));
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await mcpServer(definition, { key, log: createLogger(definition.name) }).connect(theirs);
  const client = newClient();
  await client.connect(ours);
  const close = async () => {
    await client.close();
    await definition.close?.();
  };
  return { client, close };
}
