import { bodyOf } from "@oncall-copilot/core";
import { type AccessSign, accessSign } from "../../signs/access.ts";
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
  /** The commit at fault that took capacity away. */
  readonly change?: LikelyChange;
}

/** What kind of trouble the culprit is in, and what of its own evidence says so. */
export type Told =
  | { readonly family: "missing_iam_permission" | "expired_secret"; readonly pattern: LogPattern }
  | ({ readonly family: "undersized_hpa" } & Full)
  | { readonly family: "bad_deployment" | "config_drift"; readonly change: LikelyChange }
  /** Several commits could have done it, and nothing tells them apart; or one, and nothing of the trouble names it. */
  | { readonly family: "bad_deployment" | "config_drift"; readonly left: readonly Accused[] }
  /** Fewer pods run than before, and no commit says so. */
  | { readonly family: "config_drift"; readonly scaled: MetricSignal }
  /** By its log and by git, what runs is set otherwise than it should be. */
  | { readonly family: "config_drift"; readonly patience: Patience }
  | { readonly family: "other"; readonly outside?: "one_input" | "ground" };

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
    const starved = setsCapacity(guilty.change) ? strainedBy(suspect) : undefined;
    if (starved) return { family: "undersized_hpa", strained: starved, load: undefined, atMost: undefined, change };
    return { family: familyOf([guilty]), change };
  }
  if (seen.ground?.name === suspect.name) return { family: "other", outside: "ground" };
  if (trial?.outside === "one_input") return { family: "other", outside: "one_input" };
  const drift = near?.change.kind === "drift" ? near : undefined;
  const scaled = drift ? undefined : scaledByHand(suspect, trial);
  if (scaled) return { family: "config_drift", scaled };
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

/** Lines of a diff that a commit added or took out. */
const changedLines = ({ evidence }: Accused["change"]): string[] =>
  bodyOf(evidence)
    .split("\n")
    .filter((line) => /^[+-](?![+-])/.test(line));

/** A commit that sets how much there is of what runs: the keys of Kubernetes' manifests and of charts. */
const CAPACITY = /\b(?:cpu|replicas|replicaCount|minReplicas|maxReplicas)["']?\s*[:=]/;
const setsCapacity = (change: Accused["change"]): boolean =>
  isConfiguration(change) && changedLines(change).some((line) => CAPACITY.test(line));

/** How many pods there should be, as kube-state-metrics tells of a Deployment or an autoscaler. */
const DESIRED = /desired_replicas|spec_replicas|replicas_desired/;

/** Fewer pods are wanted than before though no less is asked, and no commit that may have done it sets how many. */
function scaledByHand({ metrics }: RankedSuspect, trial: Trial | undefined): MetricSignal | undefined {
  const signals = metrics?.signals ?? [];
  const fewer = signals.find(({ signal, change }) => DESIRED.test(signal) && change === "down");
  if (!fewer || !trial || signals.some(({ role, change }) => role === "load" && change === "down")) return undefined;
  return trial.left.some(({ change }) => setsCapacity(change)) ? undefined : fewer;
}

/** Signals of what can be sized: processors, replicas, what waits for them. A pool of connections is sized elsewhere. */
const SIZED = /cpu|thrott|hpa|replica|queue|in_flight/;
/** Of those, what speaks of a limit by itself. */
const LIMIT = /cpu|thrott|hpa|replica/;

const isSizedUp = ({ signal, role, change }: MetricSignal): boolean =>
  SIZED.test(signal) && role === "saturation" && change === "up";

/** What of it is at its limit. Only what we run can be sized. */
function strainedBy({ metrics }: RankedSuspect): MetricSignal | undefined {
  if (metrics?.kind !== "service") return undefined;
  const ofLimit = ({ signal }: MetricSignal) => Number(LIMIT.test(signal));
  return metrics.signals
    .filter((signal) => isSizedUp(signal) && signal.score >= FULL)
    .sort((a, b) => ofLimit(b) - ofLimit(a) || b.score - a.score)[0];
}

/**
 * What is full while more is asked: by customers, or of the culprit itself at its limit of processors or replicas. Retries alone ask
 * more of whoever fails for another reason, so a queue that fills without more customers says nothing. Only what we run can be sized.
 */
function fullResource(suspect: RankedSuspect, seen: Seen): Full | undefined {
  const { metrics } = suspect;
  const strained = strainedBy(suspect);
  if (!metrics || !strained) return undefined;
  const up = metrics.signals.filter(isSizedUp);
  const atMost = (seen.logs.get(suspect.name)?.patterns ?? []).find((pattern) => pattern.scaling_limited);
  const customers =
    seen.closer.get(seen.service) ?? seen.metrics?.suspects.find(({ service }) => service === seen.service);
  const load = metrics.signals.find(grows);
  const asked =
    customers?.signals.some(grows) || (load && load.score >= FULL && up.some(({ signal }) => LIMIT.test(signal)));
  return asked || atMost ? { strained, load: load ?? customers?.signals.find(grows), atMost } : undefined;
}
