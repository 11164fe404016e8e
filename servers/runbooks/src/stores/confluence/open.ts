import { briefly, ConfigError, CouldNotLook } from "@oncall-copilot/core";
import {
  bareAddress,
  type HttpClient,
  type HttpRefusal,
  httpClient,
  requestLimits,
} from "@oncall-copilot/core/backend";
import type { AnchorStyle } from "../../pages/anchors.ts";
import type { ConfluenceConfig } from "./config.ts";

const URL_VARIABLE = "ONCALL_RUNBOOKS_CONFLUENCE_URL";
const VARIABLES = {
  url: URL_VARIABLE,
  credentials: "ONCALL_RUNBOOKS_CONFLUENCE_TOKEN (Cloud: with _EMAIL), or _USERNAME and _PASSWORD,",
  ca: "ONCALL_RUNBOOKS_CONFLUENCE_CA_FILE",
};

/** The call's own deadline, where the configuration sets it. */
type Config = ConfluenceConfig & { readonly ONCALL_TIMEOUT_SECONDS?: number | undefined };

export interface OpenConfluence {
  readonly name: string;
  readonly http: HttpClient;
  readonly base: URL;
  readonly spaces: readonly string[];
  /** Spaces with more pages than this are searched, and not read whole. */
  readonly maxWhole: number;
  readonly anchors: AnchorStyle;
  /** Whether it is asked with a credential, and not as anybody. */
  readonly hasCredential: boolean;
}

/** The Confluence of the configuration. Throws ConfigError; asks nothing yet. */
export function openConfluence(url: string, config: Config): OpenConfluence {
  const base = addressOf(url);
  const spaces = config.ONCALL_RUNBOOKS_CONFLUENCE_SPACES;
  if (spaces === undefined) {
    throw new ConfigError("ONCALL_RUNBOOKS_CONFLUENCE_SPACES: set the keys of the spaces to look in, comma-separated");
  }
  const name = `Confluence at ${base.href.replace(/\/+$/, "")}`;
  const { ONCALL_RUNBOOKS_CONFLUENCE_CA: ca, ONCALL_RUNBOOKS_CONFLUENCE_TIMEOUT_SECONDS: timeout } = config;
  const http = httpClient({
    ...{ name, url: base, variables: VARIABLES, headers: headersOf(config), explain: explainRefusal(name) },
    ...requestLimits(timeout, config),
    ...(ca === undefined ? {} : { ca }),
  });
  return {
    ...{ name, http, base, spaces, maxWhole: config.ONCALL_RUNBOOKS_CONFLUENCE_WHOLE },
    anchors: isCloud(base, config) ? "confluence-cloud" : "confluence-data-center",
    hasCredential:
      (config.ONCALL_RUNBOOKS_CONFLUENCE_TOKEN ?? config.ONCALL_RUNBOOKS_CONFLUENCE_PASSWORD) !== undefined,
  };
}

const ofAtlassian = ({ hostname }: URL) => hostname === "api.atlassian.com" || hostname.endsWith(".atlassian.net");

/** An API token with an e-mail address is Cloud's own way to log in. */
const isCloud = (base: URL, config: Config): boolean =>
  ofAtlassian(base) || config.ONCALL_RUNBOOKS_CONFLUENCE_EMAIL !== undefined;

/** Cloud's Confluence is below `/wiki`, which people leave out. */
function addressOf(text: string): URL {
  const url = bareAddress(URL_VARIABLE, text);
  url.search = "";
  url.hash = "";
  if (ofAtlassian(url) && !/\/wiki\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/+$/, "")}/wiki`;
  return url;
}

function headersOf(config: Config): () => Record<string, string> {
  const token = config.ONCALL_RUNBOOKS_CONFLUENCE_TOKEN;
  const email = config.ONCALL_RUNBOOKS_CONFLUENCE_EMAIL;
  const user = config.ONCALL_RUNBOOKS_CONFLUENCE_USERNAME;
  const password = config.ONCALL_RUNBOOKS_CONFLUENCE_PASSWORD;
  if ((user === undefined) !== (password === undefined)) {
    throw new ConfigError("ONCALL_RUNBOOKS_CONFLUENCE_USERNAME and ONCALL_RUNBOOKS_CONFLUENCE_PASSWORD go together");
  }
  if (token && password) {
    throw new ConfigError("set ONCALL_RUNBOOKS_CONFLUENCE_TOKEN, or _USERNAME and _PASSWORD, but not both");
  }
  if (email !== undefined && !token) {
    throw new ConfigError("ONCALL_RUNBOOKS_CONFLUENCE_EMAIL goes with ONCALL_RUNBOOKS_CONFLUENCE_TOKEN, an API token");
  }
  const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;
  return (): Record<string, string> => {
    if (token) return { authorization: email ? basic(email, token.reveal()) : `Bearer ${token.reveal()}` };
    return user && password ? { authorization: basic(user, password.reveal()) } : {};
  };
}

/** Says a refusal in Confluence's own words where it gives some that tell more. */
function explainRefusal(name: string): (refusal: HttpRefusal) => CouldNotLook | undefined {
  return ({ status, body, answer }) => {
    if (status === 403 && /CAPTCHA/i.test(String(answer.headers["x-authentication-denied-reason"] ?? ""))) {
      const cure = "log in to it once in a browser as that user, or use a personal access token";
      return new CouldNotLook("forbidden", `${name} wants a CAPTCHA to be solved (403)`, { cure });
    }
    if (status !== 400) return undefined;
    const says = messageIn(body);
    const cure = "check ONCALL_RUNBOOKS_CONFLUENCE_SPACES: each must be the key of a space that this credential sees";
    return new CouldNotLook("bad_response", `${name} refused the query (400${says === "" ? "" : `: ${says}`})`, {
      cure,
      status,
    });
  };
}

/** Its words are for a person to read, not for pages of them. */
function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === "string" ? briefly(message, 200) : "";
  } catch {
    return "";
  }
}
