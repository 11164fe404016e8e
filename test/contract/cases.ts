import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Contract, ContractCase } from "@oncall-copilot/core/server";
import { type BuiltServer, discoverServers } from "../support/mcp/servers.ts";

/** Where a server keeps its contract. */
export const contractFile = ({ folder }: BuiltServer): string => join(folder, "contract.ts");

async function contractOf(server: BuiltServer): Promise<Contract> {
  const file = contractFile(server);
  // One test says that it is missing; all others go on without it.
  if (!existsSync(file)) return { cases: {} };
  return ((await import(pathToFileURL(file).href)) as { readonly contract: Contract }).contract;
}

const contracts = new Map(
  await Promise.all(discoverServers().map(async (server) => [server.server, await contractOf(server)] as const)),
);

/** The cases that lie with the server, by tool. */
export function casesOf({ server }: BuiltServer): Readonly<Record<string, ContractCase>> {
  return contracts.get(server)?.cases ?? {};
}

/** Files that servers' cases need in the recording. */
export function contractFiles(): ReadonlyMap<string, string> {
  return new Map([...contracts.values()].flatMap(({ files = {} }) => Object.entries(files)));
}
