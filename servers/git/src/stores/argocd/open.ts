import { type Catalog, ConfigError, httpClient } from "@oncall-copilot/core";
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
/** An answer must have failed before the call's deadline has passed: only then is it said who did not answer. */
const SHARE_OF_DEADLINE = 0.75;

type Config = ArgoCdConfig & {
  readonly ONCALL_TIMEOUT_SECONDS?: number | undefined;
  readonly ONCALL_GIT_BRANCH: string;
};

/** Deployments as the Argo CD of the configuration tells them. Throws ConfigError; asks nothing yet. */
export function openArgoCd(url: string, config: Config, catalog: Catalog, now: () => number): OpenDeployments {
  const base = new URL(url);
  if (base.username !== "" || base.password !== "") {
    throw new ConfigError("ONCALL_GIT_ARGOCD_URL must not hold credentials: the token has a variable of its own");
  }
  const { ONCALL_GIT_ARGOCD_TOKEN: token, ONCALL_GIT_ARGOCD_CA: ca } = config;
  if (!token) throw new ConfigError("ONCALL_GIT_ARGOCD_URL needs ONCALL_GIT_ARGOCD_TOKEN: the token of a project role");
  const web = base.href.replace(/\/+$/, "");
  const name = `Argo CD at ${web}`;
  const [own, deadline] = [config.ONCALL_GIT_ARGOCD_TIMEOUT_SECONDS, config.ONCALL_TIMEOUT_SECONDS];
  const answerMs = 1000 * (deadline === undefined ? own : Math.min(own, deadline * SHARE_OF_DEADLINE));
  const http = httpClient({
    ...{ name, url: base, variables: VARIABLES, explain: explainRefusal(name) },
    ...{ answerMs, connectMs: Math.min(3_000, answerMs) },
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
