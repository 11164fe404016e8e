import { type Catalog, formatDuration } from "@oncall-copilot/core";
import type { Deployments } from "../deployments.ts";
import type { ArgoCd } from "./argocd/client.ts";
import { findApplications } from "./argocd/find-applications.ts";
import { forgottenGaps, rolloutsOf } from "./argocd/rollouts.ts";
import { stateOf } from "./argocd/state.ts";

export interface ArgoCdParts {
  readonly argo: ArgoCd;
  readonly catalog: Catalog;
  /** Where a person looks at Argo CD, without a slash at its end. */
  readonly web: string;
  /** The branch that is deployed, to read the catalog's source locations by. */
  readonly branch: string;
  /** The present moment in epoch milliseconds; nothing later is told. */
  readonly now: () => number;
}

/** Clocks this far apart make a roll-out seem to come before its cause or after its effect. */
const SKEW_MS = 30_000;
/** Argo CD tells how things stand now. Someone who looks from an earlier moment must not be told. */
const PRESENT_MS = 60_000;

/** Roll-outs, drift and health as Argo CD tells them: one question for each application of the services asked about. */
export function argoCdDeployments(parts: ArgoCdParts): Deployments {
  const { argo, web, branch, now } = parts;
  return {
    deployed: async ({ services, since }, signal) => {
      const { found, unknown, gaps } = await findApplications(argo, services, signal);
      const read = found.map((one) => rolloutsOf(one, { web, branch, now: now() }));
      const rollouts = read.flatMap((one) => one.rollouts).sort((a, b) => a.at - b.at);
      return {
        ...{ rollouts, unknown },
        gaps: [...gaps, ...forgottenGaps(read, since), ...skewGap(argo)],
        state: async (abort) => {
          if (Date.now() - now() > PRESENT_MS) {
            return {
              states: [],
              gaps: [`drift and health: ${argo.name} tells how things stand now, and not as of then`],
            };
          }
          return stateOf({ argo, web, now }, found, abort);
        },
      };
    },
  };
}

function skewGap({ name, skewMs }: ArgoCd): string[] {
  const skew = skewMs() ?? 0;
  if (Math.abs(skew) < SKEW_MS) return [];
  const how = `${formatDuration(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"}`;
  return [`this machine's clock is ${how} the one of ${name}: times of deployments are off by as much`];
}
