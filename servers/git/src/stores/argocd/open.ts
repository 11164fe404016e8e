import { type Catalog, ConfigError } from "@oncall-copilot/core";
import { bareAddress, httpClient, requestLimits } from "@oncall-copilot/core/backend";
import type { OpenDeployments } from "../../deployments.ts";
import { argoCdDeployments } from "../argocd.ts";
import { argoCd, explainRefusal } from "./client.ts";
import type { ArgoCdConfig } from "./config.ts";
import { examineArgoCd } from "./examine.ts";

const VARIABLES = {
  url: "ONCALL_GIT_ARGOCD_URL",
  credentials: "ONCALL_GIT_ARGOCD_TOKEN",
  ca: "ONCALL_GIT_ARGOCD_CA_FILE",
};

type Config = ArgoCdConfig & {
  readonly ONCALL_TIMEOUT_SECONDS?: number | undefined;
  readonly ONCALL_GIT_BRANCH: string;
};

/** Deployments as the Argo CD of the configuration tells them. Throws ConfigError; asks nothing yet. */
export function openArgoCd(url: string, config: Config, catalog: Catalog, now: () => number): OpenDeployments {
  const base = bareAddress("ONCALL_GIT_ARGOCD_URL", url);
  const { ONCALL_GIT_ARGOCD_TOKEN: token, ONCALL_GIT_ARGOCD_CA: ca } = config;
  if (!token) throw new ConfigError("ONCALL_GIT_ARGOCD_URL needs ONCALL_GIT_ARGOCD_TOKEN: the token of a project role");
  const web = base.href.replace(/\/+$/, "");
  const name = `Argo CD at ${web}`;
  const http = httpClient({
    ...{ name, url: base, variables: VARIABLES, explain: explainRefusal(name) },
    ...requestLimits(config.ONCALL_GIT_ARGOCD_TIMEOUT_SECONDS, config),
    headers: () => ({ authorization: `Bearer ${token.reveal()}` }),
    ...(ca === undefined ? {} : { ca }),
  });
  const parts = { argo: argoCd(name, http), catalog, web, branch: config.ONCALL_GIT_BRANCH, now };
  return {
    ...argoCdDeployments(parts),
    examine: (options) => examineArgoCd(parts, options),
    close: async () => http.close(),
  };
}
