import type { MetricSignal, MetricSuspect } from "./answers.ts";
import { type Told, tellFamily } from "./families.ts";
import type { Seen } from "./look.ts";
import type { RankedSuspect } from "./rank.ts";

/** What the rules take the incident to be. */
export type Reading =
  | { readonly kind: "culprit"; readonly suspect: RankedSuspect; readonly told: Told }
  | {
      readonly kind: "no_fault";
      readonly service: MetricSuspect;
      readonly load: MetricSignal;
      /** Its symptoms that are as usual. */
      readonly calm: readonly MetricSignal[];
      /** Its symptoms that moved, though not so far that callers feel it. */
      readonly strained: readonly MetricSignal[];
    }
  | { readonly kind: "unknown"; readonly why: string };

/** Below this a suspect is noise. */
const LEAST_SCORE = 0.25;
/** A suspicion weaker than this is named only when it stands out from the next by so much: else it is one of several. */
const WEAK = 0.4;
const MARGIN = 0.1;
/** A symptom this unusual is one that callers feel. */
const FELT = 0.5;

/** A symptom that moved this much speaks against a clean bill; below it is noise of the tail. */
const STRAINED = 0.25;

const isBad = ({ role, change, score }: MetricSignal) =>
  role === "symptom" && change !== "usual" && change !== "unmeasured" && score >= FELT;

/**
 * No fault: the alerting service takes more load than usual while none of its symptoms is out of its usual range, and
 * nothing it depends on suffers either. Seen, and not merely not looked at.
 */
export function noFault(seen: Seen): Extract<Reading, { kind: "no_fault" }> | undefined {
  const service = seen.metrics?.suspects.find((suspect) => suspect.service === seen.service);
  if (!service || seen.metrics?.missing.includes(seen.service)) return undefined;
  const symptoms = service.signals.filter(({ role }) => role === "symptom");
  const calm = symptoms.filter(({ change }) => change === "usual");
  const load = service.signals.find(({ role, change }) => role === "load" && change === "up");
  if (!load || calm.length === 0 || symptoms.some(isBad)) return undefined;
  if (seen.metrics?.suspects.some(({ signals }) => signals.some(isBad))) return undefined;
  const errors = seen.logs.get(seen.service)?.patterns ?? [];
  if (errors.some(({ label, level }) => level === "error" && (label === "new" || label === "rising"))) return undefined;
  const strained = symptoms.filter(({ change, score }) => (change === "up" || change === "down") && score >= STRAINED);
  return { kind: "no_fault", service, load, calm, strained };
}

export function settle(seen: Seen, suspects: readonly RankedSuspect[]): Reading {
  const healthy = noFault(seen);
  if (healthy) return healthy;
  const [first, second] = suspects;
  if (!first || first.score < LEAST_SCORE) return { kind: "unknown", why: whyUnknown(seen) };
  if (second && first.score < WEAK && first.score - second.score < MARGIN) {
    return { kind: "unknown", why: `${first.name} and ${second.name} stand out about equally` };
  }
  return { kind: "culprit", suspect: first, told: tellFamily(first, seen) };
}

/** That nothing stands out may be said only of what was seen, and an empty answer shows nothing. */
function whyUnknown({ metrics, logs, changes }: Seen): string {
  const measured = metrics !== undefined && metrics.suspects.length + metrics.usual.length > 0;
  const logged = [...logs.values()].some(({ patterns }) => patterns.length > 0);
  const unseen = [...(measured ? [] : ["metrics"]), ...(logged ? [] : ["logs"]), ...(changes ? [] : ["changes"])];
  if (!measured && !logged)
    return `${changes ? "neither metrics nor logs" : "neither metrics, logs nor changes"} could be seen`;
  const rest = unseen.length > 0 ? `, and ${unseen.join(" and ")} could not be seen` : "";
  return `no service stands out from its usual behaviour${rest}`;
}
