import { ConfigError, type Secret } from "@oncall-copilot/core";
import type { BackendNames } from "@oncall-copilot/core/backend";
import { readEnvironment, secret } from "@oncall-copilot/core/server";
import { z } from "zod";

/** Where a server runs that the host does not start itself. */
export interface Elsewhere {
  readonly url: URL;
  readonly token: Secret | undefined;
}

const prefixOf = (server: string) => `ONCALL_SERVER_${server.toUpperCase()}_`;

/** The variables that messages about such a server name. Node itself reads the last. */
export const variablesOf = (server: string): BackendNames["variables"] => ({
  url: `${prefixOf(server)}URL`,
  credentials: `${prefixOf(server)}TOKEN`,
  ca: "NODE_EXTRA_CA_CERTS",
});

/** `ONCALL_SERVER_LOGS_URL` and `ONCALL_SERVER_LOGS_TOKEN` point at a server that runs elsewhere. */
export function elsewhere(server: string, env: NodeJS.ProcessEnv): Elsewhere | undefined {
  const names = variablesOf(server);
  const url = env[names.url];
  if (!url) return undefined;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    throw new ConfigError(
      `${names.url} takes an http or https address, such as http://127.0.0.1:7801/mcp, not "${url}"`,
    );
  }
  const { [names.credentials]: token } = readEnvironment(z.object({ [names.credentials]: secret().optional() }), env);
  return { url: new URL(url), token };
}
