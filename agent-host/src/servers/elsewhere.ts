import { ConfigError, Secret } from "@oncall-copilot/core";

/** Where a server runs that the host does not start itself. */
export interface Elsewhere {
  readonly url: URL;
  readonly token: Secret | undefined;
}

/** `ONCALL_SERVER_LOGS_URL` and `ONCALL_SERVER_LOGS_TOKEN` point at a server that runs elsewhere. */
export function elsewhere(server: string, env: NodeJS.ProcessEnv): Elsewhere | undefined {
  const prefix = `ONCALL_SERVER_${server.toUpperCase()}_`;
  const [url, token] = [env[`${prefix}URL`], env[`${prefix}TOKEN`]];
  if (!url) return undefined;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    throw new ConfigError(
      `${prefix}URL takes an http or https address, such as http://127.0.0.1:7801/mcp, not "${url}"`,
    );
  }
  return { url: new URL(url), token: token ? new Secret(token) : undefined };
}
