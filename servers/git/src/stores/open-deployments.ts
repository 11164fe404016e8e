import { ConfigError } from "@oncall-copilot/core";
import type { Estate } from "@oncall-copilot/core/server";
import type { Config } from "../config.ts";
import type { Deployments, OpenDeployments } from "../deployments.ts";
import type { Sources, Store } from "../store.ts";
import { openArgoCd } from "./argocd/open.ts";
import { fileDeployments } from "./file-deployments.ts";

/** Where deployments are told: a recording, before whatever is live; else Argo CD or a file. Throws ConfigError; asks nothing yet. */
export function openDeployments(config: Config, { recording, catalog, now }: Estate): OpenDeployments {
  const url = config.ONCALL_GIT_ARGOCD_URL;
  const file = config.ONCALL_GIT_DEPLOYMENTS ?? recording?.path("deployments");
  if (url !== undefined && recording === undefined) {
    if (file === undefined) return openArgoCd(url, config, catalog, now);
    throw new ConfigError("set ONCALL_GIT_ARGOCD_URL or ONCALL_GIT_DEPLOYMENTS, not both");
  }
  if (file !== undefined) {
    const { deployed, examine } = fileDeployments(file, catalog, now);
    // A recording is looked at as a whole.
    return recording || !examine ? { deployed } : { deployed, examine };
  }
  return { deployed: async () => undefined };
}

/** Commits from here, deployments from there. */
export function joinStores(sources: Sources, deployments: Deployments): Store {
  return {
    now: () => sources.now(),
    repository: (service, signal) => sources.repository(service, signal),
    deployRepository: async (service, signal) => sources.deployRepository?.(service, signal),
    fork: (service, signal, repository) => sources.fork(service, signal, repository),
    deployed: (query, signal) => deployments.deployed(query, signal),
  };
}
