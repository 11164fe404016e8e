import { ConfigError, CouldNotLook, Secret } from "@oncall-copilot/core";
import { type BackendNames, type HttpClient, HttpRefusal } from "@oncall-copilot/core/backend";
import { z } from "zod";
import type { DatabricksConfig } from "./config.ts";
import { PREFIX } from "./names.ts";

/** The bearer token of the next request. */
export type Bearer = () => Promise<Secret>;

/** A token is not used in its last minute: a request with it takes its time. */
const SPARE_MS = 60_000;
const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * The credential of the configuration. Throws ConfigError when there is none, or more than one. The driver's own OAuth is not
 * used: it takes proxies and authorities from elsewhere, and knows workspaces by the end of their name.
 */
export function credentialOf(config: DatabricksConfig, http: HttpClient, names: BackendNames): Bearer {
  const token = config.ONCALL_HISTORY_DATABRICKS_TOKEN;
  const id = config.ONCALL_HISTORY_DATABRICKS_CLIENT_ID;
  const secret = config.ONCALL_HISTORY_DATABRICKS_CLIENT_SECRET;
  if ((id === undefined) !== (secret === undefined)) {
    throw new ConfigError(`${PREFIX}CLIENT_ID and ${PREFIX}CLIENT_SECRET go together`);
  }
  if ((token === undefined) === (secret === undefined)) {
    const which = token === undefined ? "set" : "set only one of";
    throw new ConfigError(`${which} ${PREFIX}TOKEN, or ${PREFIX}CLIENT_ID and ${PREFIX}CLIENT_SECRET`);
  }
  if (token !== undefined) return async () => token;
  let granted: { readonly token: Secret; readonly until: number } | undefined;
  let asking: Promise<Secret> | undefined;
  const ask = async (): Promise<Secret> => {
    const { access_token, expires_in } = await grant(http, names, id ?? "", secret ?? new Secret(""));
    granted = { token: new Secret(access_token), until: Date.now() + expires_in * 1000 - SPARE_MS };
    return granted.token;
  };
  return () => {
    if (granted && Date.now() < granted.until) return Promise.resolve(granted.token);
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

/** Client credentials (RFC 6749, section 4.4), as Databricks gives a service principal on every cloud. */
async function grant(http: HttpClient, { name }: BackendNames, id: string, secret: Secret) {
  try {
    const { json } = await http.ask({
      ...{ path: "/oidc/v1/token", method: "POST", abort: new AbortController().signal },
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${Buffer.from(`${id}:${secret.reveal()}`).toString("base64")}`,
      },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "all-apis" }).toString(),
    });
    const parsed = Granted.safeParse(json);
    if (parsed.success) return parsed.data;
    const cure = `check that ${PREFIX}URL is the workspace itself`;
    throw new CouldNotLook("bad_response", `${name} answered with no token`, { cure });
  } catch (error) {
    if (!(error instanceof HttpRefusal) || ![400, 401, 403].includes(error.status)) throw error;
    const cure = `set ${PREFIX}CLIENT_ID and ${PREFIX}CLIENT_SECRET to those of a service principal of this workspace`;
    throw new CouldNotLook("forbidden", `${name} gives this client no token (${error.status})`, {
      cure,
    });
  }
}
