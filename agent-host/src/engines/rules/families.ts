import { bodyOf, messageOf } from "@oncall-copilot/core";
import { type AccessSign, accessSign } from "../../signs/access.ts";
import { isAtMostReplicas } from "../../signs/scaling.ts";
import type { LogPattern, MetricSignal } from "../../tools/answers.ts";
import type { Accused } from "../../trial/clear.ts";
import type { Trial } from "../../trial/trial.ts";
import type { Patience } from "./patience.ts";
import { type LikelyChange, patternsOfTurn, type RankedSuspect } from "./rank.ts";
import type { Seen } from "./seen.ts";
import { grows } from "./signals.ts";

interface Full {
  readonly strained: MetricSignal;
  readonly load: MetricSignal | undefined;
  /** A log line that says that the autoscaler may not add any more. */
  readonly atMost: LogPattern | undefined;
}

/** What kind of trouble the culprit is in, and what of its own evidence says so. */
export type Told =
  | { readonly family: "missing_iam_permission" | "expired_secret"; readonly pattern: LogPattern }
  | ({ readonly family: "undersized_hpa" } & Full)
  | { readonly family: "bad_deployment" | "config_drift"; readonly change: LikelyChange }
  /** Several commits could have done it, and nothing tells them apart; or one, and nothing of the trouble names it. */
  | { readonly family: "bad_deployment" | "config_drift"; readonly left: readonly Accused[] }
  /** By its log and by git, what runs is set otherwise than it should be. */
  | { readonly family: "config_drift"; readonly patience: Patience }
  | { readonly family: "other"; readonly outside?: "one_input" };

const FAMILY_OF_SIGN = { denied: "missing_iam_permission", credential: "expired_secret" } as const;
/** A deployment this near before the turn is the better explanation of what is full since then. */
const NEAR = 0.5;
/** A signal this unusual is at its limit, and not merely busy. */
const FULL = 0.5;

/**
 * Tells the family of a suspect by its own evidence, the most specific first: a log line that names a refused right or
 * credential; a change that went live right before; a resource that is full while more is asked of it.
 */
export function tellFamily(suspect: RankedSuspect, seen: Seen, trial: Trial | undefined): Told {
  const refused = refusedAccess(suspect, seen);
  if (refused) return { family: FAMILY_OF_SIGN[refused.sign], pattern: refused.pattern };
  const { change: near } = suspect;
  const guilty = trial?.guilty;
  if (guilty) {
    const change: LikelyChange = { change: guilty.change, at: guilty.at ?? 0, nearness: 1 };
    return { family: familyOf([guilty]), change };
  }
  if (trial?.outside === "one_input") return { family: "other", outside: "one_input" };
  const drift = near?.change.kind === "drift" ? near : undefined;
  const full = drift && drift.nearness >= NEAR ? undefined : fullResource(suspect, seen);
  if (full) return { family: "undersized_hpa", ...full };
  if (drift) return { family: "config_drift", change: drift };
  const left = trial?.left ?? [];
  return left.length > 0 ? { family: familyOf(left), left } : { family: "other" };
}

const familyOf = (accused: readonly Accused[]): "bad_deployment" | "config_drift" =>
  accused.every(({ change }) => isConfiguration(change)) ? "config_drift" : "bad_deployment";

/** What runs is the same, and how it runs is not. */
const CONFIGURED: ReadonlySet<string> = new Set(["configuration", "labels", "comments", "formatting", "docs", "tests"]);

const isConfiguration = ({ touches }: Accused["change"]): boolean =>
  touches.includes("configuration") && touches.every((one) => CONFIGURED.has(one));

/** The pattern of the turn that says that access was refused; the most frequent when several do. */
function refusedAccess(suspect: RankedSuspect, seen: Seen): { pattern: LogPattern; sign: AccessSign } | undefined {
  const [found] = patternsOfTurn(suspect, seen)
    .flatMap((pattern) => {
      const sign = accessSign(bodyOf(pattern.evidence));
      return sign ? [{ pattern, sign }] : [];
    })
    .sort((a, b) => b.pattern.count - a.pattern.count);
  return found;
}

/** Signals of what can be sized: processors, replicas, what waits for them. A pool of connections is sized elsewhere. */
const SIZED = /cpu|thrott|hpa|replica|queue|in_flight/;
/** Of those, what speaks of a limit by itself. */
const LIMIT = /cpu|thrott|hpa|replica/;

/**
 * What is full while more is asked: by customers, or of the culprit itself at its limit of processors or replicas. Retries alone ask
 * more of whoever fails for another reason, so a queue that fills without more customers says nothing. Only what we run can be sized.
 */
function fullResource(suspect: RankedSuspect, seen: Seen): Full | undefined {
  const { metrics } = suspect;
  if (metrics?.kind !== "service") return undefined;
  const up = metrics.signals.filter(
    ({ signal, role, change }) => SIZED.test(signal) && role === "saturation" && change === "up",
  );
  const ofLimit = ({ signal }: MetricSignal) => Number(LIMIT.test(signal));
  const [strained] = up
    .filter(({ score }) => score >= FULL)
    .sort((a, b) => ofLimit(b) - ofLimit(a) || b.score - a.score);
  if (!strained) return undefined;
  const atMost = (seen.logs.get(suspect.name)?.patterns ?? []).find((pattern) =>
    isAtMostReplicas(messageOf(pattern.evidence)),
  );
  const customers =
    seen.closer.get(seen.service) ?? seen.metrics?.suspects.find(({ service }) => service === seen.service);
  const load = metrics.signals.find(grows);
  const asked =
    customers?.signals.some(grows) || (load && load.score >= FULL && up.some(({ signal }) => LIMIT.test(signal)));
  return asked || atMost ? { strained, load: load ?? customers?.signals.find(grows), atMost } : undefined;
}
