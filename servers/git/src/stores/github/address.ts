import { ConfigError } from "@oncall-copilot/core";

export interface GitHubAddress {
  /** Of the REST API. */
  readonly api: URL;
  /** What `graphql` lies below. */
  readonly graphql: URL;
  /** Where people look: `https://github.com`. */
  readonly web: string;
  /** As a catalog's addresses name it: `github.com`. */
  readonly host: string;
}

/**
 * github.com and its subdomains of ghe.com have the API at a host of its own, an Enterprise Server under `/api/v3`. Any of their
 * addresses will do.
 */
export function addressOf(text: string): GitHubAddress {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError("ONCALL_GIT_GITHUB_URL must not hold credentials: they have variables of their own");
  }
  const own = url.hostname === "github.com" || url.hostname.endsWith(".ghe.com");
  if (url.hostname.startsWith("api.") || own) {
    const host = url.host.replace(/^api\./, "");
    const api = new URL(`${url.protocol}//api.${host}/`);
    return { api, graphql: api, web: `${url.protocol}//${host}`, host };
  }
  const path = url.pathname.replace(/\/+$/, "");
  const web = `${url.origin}${path.replace(/\/api\/v3$/, "")}`;
  return { api: new URL(`${web}/api/v3`), graphql: new URL(`${web}/api`), web, host: url.host };
}
