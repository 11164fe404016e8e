import { ConfigError, Secret } from "@oncall-copilot/core";
import { z } from "zod";
import type { GitHubConfig, Part } from "./config.ts";

/** A GitHub App: what signs for it, and which of its installations is meant. */
export interface AppCredential {
  readonly kind: "app";
  readonly appId: string;
  readonly installationId: string;
  readonly privateKey: Secret;
}

export interface TokenCredential {
  readonly kind: "token";
  readonly token: Secret;
}

export type Credential = AppCredential | TokenCredential;

/** How messages name the variables of one of the two credentials. */
export const variablesOf = (part: Part, credential: Credential): string => {
  const stem = `ONCALL_GIT_GITHUB_${part.toUpperCase()}`;
  return credential.kind === "token" ? `${stem}_TOKEN` : `${stem}_APP_ID and ${stem}_APP_PRIVATE_KEY`;
};

/** One of the two credentials, when it is configured. Throws ConfigError where it is so in part, or twice. */
export function credentialOf(part: Part, config: GitHubConfig): Credential | undefined {
  const stem = `ONCALL_GIT_GITHUB_${part.toUpperCase()}` as "ONCALL_GIT_GITHUB_UPSTREAM" | "ONCALL_GIT_GITHUB_FORK";
  const token = config[`${stem}_TOKEN`];
  const appId = config[`${stem}_APP_ID`];
  const installationId = config[`${stem}_APP_INSTALLATION_ID`];
  const privateKey = config[`${stem}_APP_PRIVATE_KEY`];
  const given = [appId, installationId, privateKey].filter((value) => value !== undefined).length;
  if (token && given > 0) throw new ConfigError(`set ${stem}_TOKEN or ${stem}_APP_ID and what goes with it, not both`);
  if (token?.reveal().startsWith("ghs_")) {
    throw new ConfigError(`${stem}_TOKEN holds an App's token for an hour; set ${stem}_APP_ID and what goes with it`);
  }
  if (token) return { kind: "token", token };
  if (given === 0) return undefined;
  if (appId === undefined || installationId === undefined || privateKey === undefined) {
    throw new ConfigError(`${stem}_APP_ID, ${stem}_APP_INSTALLATION_ID and ${stem}_APP_PRIVATE_KEY go together`);
  }
  return { kind: "app", appId, installationId, privateKey };
}

/** A token for a few minutes with which an App speaks for itself rather than for an installation. */
export async function signedFor({ appId, privateKey }: AppCredential): Promise<Secret> {
  const { createAppAuth } = await import("@octokit/auth-app");
  const auth = createAppAuth({ appId, privateKey: privateKey.reveal(), log: { warn: () => {} } });
  const { token } = await auth({ type: "app" });
  return new Secret(token);
}

/** The answer of POST /app/installations/{installation_id}/access_tokens. */
export const InstallationToken = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });
