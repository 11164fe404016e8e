import { commonVariables, grantedOf } from "@oncall-copilot/core/server";
import type { ServerPackage } from "./discover.ts";

/** What any process needs to run and reach a network, and nothing that is a credential of ours. */
const SYSTEM = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "TEMP",
  "SystemRoot",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "XDG_CACHE_HOME",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

/** Serving over HTTP is another process's business; a child of the host never needs the token for it. */
const NOT_FOR_CHILDREN = new Set(["ONCALL_HTTP_TOKEN", "ONCALL_EVIDENCE_KEY_FILE"]);

const COMMON = Object.keys(commonVariables)
  .flatMap((name) => (NOT_FOR_CHILDREN.has(name) ? [] : [name, `${name}_FILE`]))
  .filter((name) => !NOT_FOR_CHILDREN.has(name));

/**
 * The environment of one server's process: the system's variables, the common ones, and those the server declares as its
 * own. The model's key, every other server's credentials and the scopes of other servers stay behind.
 */
export function environmentFor(server: ServerPackage, env: NodeJS.ProcessEnv): Record<string, string> {
  const exact = new Set([...SYSTEM, ...COMMON, ...server.environment.filter((name) => !name.endsWith("*"))]);
  const prefixes = server.environment.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  const own = Object.entries(env).filter(
    ([name, value]) => value !== undefined && (exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix))),
  );
  // Where nothing of it is granted, what is keeps it from starting: an empty variable would count as not set.
  const scopes = grantedOf(server.server, env["ONCALL_SCOPES"]);
  return { ...(Object.fromEntries(own) as Record<string, string>), ...(scopes ? { ONCALL_SCOPES: scopes } : {}) };
}
