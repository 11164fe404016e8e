import type { Deployment } from "../monorepo/build.ts";

/** The lines of deployments.ndjson, oldest first. */
export function formatDeployments(deployments: readonly Deployment[], until: Date): string {
  return [...deployments]
    .filter(({ at }) => at <= until)
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ service, revision, at, by }) => `${JSON.stringify({ service, revision, at: at.toISOString(), by })}\n`)
    .join("");
}
