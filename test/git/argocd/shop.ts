/** The git server over the test shop's repository and an Argo CD. */
import { join } from "node:path";
import { type ArgoCdOptions, startArgoCd, TOKEN } from "../../support/argocd/server.ts";
import { writeRecording } from "../../support/recording.ts";
import { at, SERVICES, type Served, serve, shopComponent, type TestRepo } from "../support.ts";

/** storefront -> checkout -> pricing -> promotions, each with the application of its name. */
export const APP_CATALOG = SERVICES.map((name, index) => {
  const next = SERVICES[index + 1];
  return shopComponent(name, next ? [`component:default/${next}`] : [], { "argocd/app-name": name });
});

export interface ServeOptions {
  readonly repo?: TestRepo;
  readonly catalog?: readonly object[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Looks from five minutes after the default alert. */
export const THEN = { ONCALL_AS_OF: at(5) };

export async function serveArgoCd(
  url: string,
  { repo, catalog = APP_CATALOG, env }: ServeOptions = {},
): Promise<Served> {
  const folder = await writeRecording({ catalog });
  return serve({
    ONCALL_GIT_ARGOCD_URL: url,
    ONCALL_GIT_ARGOCD_TOKEN: TOKEN,
    ONCALL_CATALOG: join(folder, "catalog.yaml"),
    ...(repo ? { ONCALL_GIT_UPSTREAM: repo.dir } : {}),
    ...env,
  });
}

/** A double and the server over it. */
export async function serveDouble(options: ArgoCdOptions, more: ServeOptions = {}) {
  const argo = await startArgoCd(options);
  return { argo, ...(await serveArgoCd(argo.url, more)) };
}

const STARTED = Date.now();

/** An instant as RFC 3339, so many minutes before the tests began: drift and health are of the present. */
export const ago = (minutes: number): string => new Date(STARTED - minutes * 60_000).toISOString();
