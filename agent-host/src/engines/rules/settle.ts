import type { MetricSignal } from "../../tools/answers.ts";
import type { Trial } from "../../trial/trial.ts";
import type { Told } from "./families.ts";
import type { Inquiry } from "./inquiry.ts";
import { type NoFault, nobodyFeels } from "./no-fault.ts";
import { readPatience } from "./patience.ts";
import type { RankedSuspect } from "./rank.ts";
import { type Recovered, recoveredSince } from "./recovered.ts";
import type { Seen } from "./seen.ts";
import { isFelt } from "./signals.ts";

export interface CulpritReading {
  readonly kind: "culprit";
  readonly suspect: RankedSuspect;
  readonly told: Told;
  /** How its commits stand; undefined when changes cannot be seen. */
  readonly trial: Trial | undefined;
}

/** Whom the rules name before its commits are on trial. */
export type Named = Pick<CulpritReading, "kind" | "suspect">;

/** A symptom of the alerting service itself that is on, far out of its usual range. */
export function ownTroubleOf({ service, closer, metrics }: Seen): MetricSignal | undefined {
  const own = closer.get(service) ?? metrics?.suspects.find((suspect) => suspect.service === service);
  return own?.signals.find((signal) => isFelt(signal) && signal.change === "up" && signal.recovered_at === undefined);
}

/** What the rules take the incident to be. */
export type Reading = CulpritReading | NoFault | Recovered | Unknown;

export interface Unknown {
  readonly kind: "unknown";
  readonly why: string;
}

/** Below this a suspect is noise. */
const MIN_SCORE = 0.25;
/** A suspicion weaker than this is named only when it stands out from the next by so much: else it is one of several. */
const WEAK = 0.4;
const MARGIN = 0.1;

export function settle(seen: Seen, suspects: readonly RankedSuspect[]): Named | Exclude<Reading, CulpritReading> {
  const [first, second] = suspects;
  if (!first || first.score < MIN_SCORE) return recoveredSince(seen) ?? { kind: "unknown", why: whyUnknown(seen) };
  const led = seen.blames.some(({ callee }) => callee === first.name);
  if (second && !led && first.score < WEAK && first.score - second.score < MARGIN) {
    return { kind: "unknown", why: `${first.name} and ${second.name} stand out about equally` };
  }
  return { kind: "culprit", suspect: first };
}

/** A second look at a culprit, where what was seen leaves a question that the tools can answer. */
export async function lookAgain(inquiry: Inquiry, seen: Seen, reading: Reading): Promise<Reading> {
  if (reading.kind !== "culprit") return reading;
  const unfelt = await nobodyFeels(inquiry, seen, reading.suspect);
  if (unfelt) return unfelt;
  const patience = await ofPatience(inquiry, seen, reading);
  return patience ? { ...reading, told: { family: "config_drift", patience } } : reading;
}

/** Whether a caller that gives up on one that is as ever waits as long as git says. */
async function ofPatience(inquiry: Inquiry, { blames }: Seen, { suspect, told }: CulpritReading) {
  const given = blames.find(
    ({ caller, says, standing }) => caller === suspect.name && says === "waited" && standing === "well",
  );
  const drifted = "change" in told && told.change.change.kind === "drift";
  if (!given || drifted) return undefined;
  const patience = await readPatience(inquiry, given);
  return patience && !patience.agrees ? patience : undefined;
}

/** That nothing stands out may be said only of what was seen, and an empty answer shows nothing. */
function whyUnknown(seen: Seen): string {
  const { metrics, logs, changes } = seen;
  const own = ownTroubleOf(seen);
  if (own) return `${own.signal} of ${seen.service} is far out of its usual range, and nothing that was seen tells why`;
  const measured = metrics !== undefined && metrics.suspects.length + metrics.usual.length > 0;
  const logged = [...logs.values()].some(({ patterns }) => patterns.length > 0);
  const unseen = [...(measured ? [] : ["metrics"]), ...(logged ? [] : ["logs"]), ...(changes ? [] : ["changes"])];
  if (!measured && !logged)
    return `${changes ? "neither metrics nor logs" : "neither metrics, logs nor changes"} could be seen`;
  const rest = unseen.length > 0 ? `, and ${unseen.join(" and ")} could not be seen` : "";
  return `no service stands out from its usual behaviour${rest}`;
}
