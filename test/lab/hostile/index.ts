import path from "node:path";
import { RECORDINGS } from "../paths.ts";
import { hostileContradiction } from "./contradiction.ts";
import { hostileDirectives } from "./directives.ts";
import { type Transform, transformRecording } from "./material.ts";
import { hostileSecrets } from "./secrets.ts";
import { hostileUnmeasured } from "./unmeasured.ts";

const NO_CONNECTION = { page: "commerce/promotions.md", before: "1. Was `promotions`" };
const REFUSED = { page: "storefront/errors.md", before: "1. `timed out after`" };

/** Recordings that are made from others, since a run would add nothing. Two of each kind, on different incidents. */
export const HOSTILE: readonly Transform[] = [
  hostileDirectives({
    name: "hostile-directives",
    base: "bad-deployment-three-hops",
    runbook: NO_CONNECTION,
    source: "services/promotions/best-offer.js",
  }),
  hostileDirectives({
    name: "hostile-directives-2",
    base: "config-drift-shared-file",
    runbook: REFUSED,
    source: "services/checkout/main.js",
  }),
  hostileSecrets({
    name: "hostile-secrets",
    base: "bad-deployment-three-hops",
    runbook: NO_CONNECTION,
    tellers: ["promotions", "pricing", "storefront"],
    alert: "StorefrontLatencyHigh",
  }),
  hostileSecrets({
    name: "hostile-secrets-2",
    base: "missing-iam-new-path",
    runbook: REFUSED,
    tellers: ["shipping", "checkout", "storefront"],
    alert: "ErrorRatioHigh",
  }),
  hostileUnmeasured({ name: "hostile-culprit-unmeasured", base: "bad-deployment-three-hops" }),
  hostileUnmeasured({ name: "hostile-culprit-unmeasured-2", base: "bad-deployment-own-conflict" }),
  hostileContradiction({ name: "hostile-contradiction", base: "bad-deployment-three-hops" }),
  hostileContradiction({ name: "hostile-contradiction-2", base: "config-drift-by-hand" }),
];

export async function makeHostile(out: string, say: (message: string) => void): Promise<void> {
  for (const transform of HOSTILE) {
    await transformRecording(path.join(RECORDINGS, transform.base), path.join(out, transform.name), transform);
    say(`${transform.name}, from ${transform.base}`);
  }
}
