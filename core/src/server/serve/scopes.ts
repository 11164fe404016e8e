import { ConfigError } from "../../errors.ts";
import type { ServerDefinition } from "../define-server.ts";

const scopesIn = (text: string): string[] =>
  text
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");

/** Of the scopes that are granted those of one server (`logs:read` is of `logs`); undefined when nothing limits them. */
export function grantedOf(server: string, granted: string | undefined): string | undefined {
  if (!granted) return undefined;
  return scopesIn(granted)
    .filter((scope) => scope.startsWith(`${server}:`))
    .join(",");
}

/** What carries out a person's decision is for the one process that does so, and is never on offer unless it is granted by name. */
const isGrantedByNameOnly = (scope: string): boolean => scope.endsWith(":decide");

/** The server for callers of whom nothing is known: with what reads, and nothing that proposes or carries out a decision. */
export function forUnknownCallers(server: ServerDefinition): ServerDefinition {
  const tools = server.tools.filter(({ scope, readOnly }) => readOnly && scope.endsWith(":read"));
  if (tools.length === 0) {
    const scopes = server.tools.map(({ scope }) => scope).join(", ");
    throw new ConfigError(
      `${server.name} over HTTP offers nothing without ONCALL_HTTP_TOKEN: ${scopes} are for known callers only`,
    );
  }
  return { ...server, tools };
}

/** The server with only the tools that the granted scopes allow: what a caller may not use is not offered. */
export function withScopes(server: ServerDefinition, granted: string | undefined): ServerDefinition {
  if (granted === undefined)
    return { ...server, tools: server.tools.filter(({ scope }) => !isGrantedByNameOnly(scope)) };
  const wanted = scopesIn(granted);
  const own = new Set<string>(server.tools.map((tool) => tool.scope));
  const useful = wanted.filter((scope) => own.has(scope));
  if (useful.length === 0) {
    throw new ConfigError(
      `ONCALL_SCOPES: "${granted}" grants nothing of ${server.name}, whose scopes are ${[...own].join(", ")}`,
    );
  }
  return { ...server, tools: server.tools.filter((tool) => useful.includes(tool.scope)) };
}
