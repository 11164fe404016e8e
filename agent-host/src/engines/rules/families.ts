import type { Family } from "@oncall-copilot/core";
import type { LogPattern, MetricSignal } from "./answers.ts";
import type { Seen } from "./look.ts";
import { type LikelyChange, patternsOfTurn, type RankedSuspect } from "./rank.ts";
import { type AccessSign, accessSign } from "./signs/access.ts";
import { isConfiguration } from "./signs/configuration.ts";

/** What kind of trouble the culprit is in, and what of its own evidence says so. */
export type Told =
  | { readonly family: "missing_iam_permission" | "expired_secret"; readonly pattern: LogPattern }
  | { readonly family: "undersized_hpa"; readonly load: MetricSignal | undefined; readonly strained: MetricSignal }
  | { readonly family: "bad_deployment" | "config_drift"; readonly change: LikelyChange }
  | { readonly family: "other" };
export type ToldFamily = Exclude<Family, "no_fault"> & Told["family"];

const FAMILY_OF_SIGN = { denied: "missing_iam_permission", credential: "expired_secret" } as const;
/** A deployment this near before the turn is the better explanation of what is full since then. */
const NEAR = 0.5;
/** A signal this unusual is at its limit, and not merely busy. */
const FULL = 0.5;

/**
 * Tells the family of a suspect by its own evidence, the most specific first: a log line that names a refused right or
 * credential; a change that went live right before; a resource that is full while more is asked of it.
 */
export function tellFamily(suspect: RankedSuspect, seen: Seen): Told {
  const refused = refusedAccess(suspect, seen);
  if (refused) return { family: FAMILY_OF_SIGN[refused.sign], pattern: refused.pattern };
  const { change } = suspect;
  const committed = change && change.change.kind !== "rollout" ? change : undefined;
  const full = committed && committed.nearness >= NEAR ? undefined : fullResource(suspect);
  if (full) return { family: "undersized_hpa", load: loadOf(suspect, seen), strained: full };
  if (!committed) return { family: "other" };
  if (committed.change.kind === "drift") return { family: "config_drift", change: committed };
  return { family: isConfiguration(committed.change.evidence) ? "config_drift" : "bad_deployment", change: committed };
}

/** The pattern of the turn that says that access was refused; the most frequent when several do. */
function refusedAccess(suspect: RankedSuspect, seen: Seen): { pattern: LogPattern; sign: AccessSign } | undefined {
  const [found] = patternsOfTurn(suspect, seen)
    .flatMap((pattern) => {
      const sign = accessSign(messageOf(pattern));
      return sign ? [{ pattern, sign }] : [];
    })
    .sort((a, b) => b.pattern.count - a.pattern.count);
  return found;
}

/** A pattern's first line holds our figures; what the service logged comes below. */
const messageOf = ({ evidence }: LogPattern): string => evidence.text.slice(evidence.text.indexOf("\n") + 1);

/** Signals of what can be sized: processors, replicas, what waits for them. A pool of connections is sized elsewhere. */
const SIZED = /cpu|thrott|hpa|replica|queue|in_flight/;

function fullResource({ metrics }: RankedSuspect): MetricSignal | undefined {
  const [full] = (metrics?.signals ?? [])
    .filter(
      ({ signal, role, change, score }) =>
        SIZED.test(signal) && role === "saturation" && change === "up" && score >= FULL,
    )
    .sort(
      (a, b) =>
        Number(/hpa|replica|thrott/.test(b.signal)) - Number(/hpa|replica|thrott/.test(a.signal)) || b.score - a.score,
    );
  return full;
}

/** The traffic that grew: the culprit's own, else the alerting service's. */
function loadOf({ metrics }: RankedSuspect, seen: Seen): MetricSignal | undefined {
  const grows = ({ role, change }: MetricSignal) => role === "load" && change === "up";
  const start = seen.metrics?.suspects.find(({ service }) => service === seen.service);
  return metrics?.signals.find(grows) ?? start?.signals.find(grows);
}
