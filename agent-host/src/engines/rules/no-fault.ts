import type { LogPattern, MetricSignal, MetricSuspect } from "../../tools/answers.ts";
import type { Inquiry } from "./inquiry.ts";
import { measure } from "./measure.ts";
import { usuallyNothing } from "./past.ts";
import type { RankedSuspect } from "./rank.ts";
import type { Seen } from "./seen.ts";
import { grows, isCalm, isFelt } from "./signals.ts";

/** Why nothing is broken, though an alert fired. */
export type Harmless =
  /** More is asked, and it is served. */
  | {
      readonly kind: "peak";
      readonly load: MetricSignal;
      /** Its symptoms that are as usual. */
      readonly calm: readonly MetricSignal[];
      /** Its symptoms that moved, though not so far that callers feel it. */
      readonly strained: readonly MetricSignal[];
    }
  /** The same alert was nearly always nothing, and nothing shows now. */
  | { readonly kind: "habit"; readonly calm: readonly MetricSignal[]; readonly past: readonly string[] }
  /** Whoever calls it does not feel what its figures say. */
  | {
      readonly kind: "unfelt";
      readonly alarming: readonly MetricSignal[];
      readonly callers: readonly MetricSuspect[];
      /** What it logged for the first time right before its figures turned. */
      readonly said: LogPattern | undefined;
    };

export interface NoFault {
  readonly kind: "no_fault";
  readonly service: MetricSuspect;
  readonly why: Harmless;
}

/** A symptom that moved this much speaks against a clean bill; below it is noise of the tail. */
const STRAINED = 0.25;
/** What began to be logged so near to the alert belongs to it. */
const WITH_THE_ALERT_MS = 3 * 60_000;
const MAX_CALLERS = 3;

/**
 * No fault by what was seen, and not merely not looked at: none of the alerting service's symptoms is out of its usual range, nothing it
 * depends on suffers either, and it takes more load than usual, or its past says that this alert comes for nothing.
 */
export function noFault(seen: Seen, alertAt: number): NoFault | undefined {
  const service = seen.metrics?.suspects.find((suspect) => suspect.service === seen.service);
  if (!service || seen.metrics?.missing.includes(seen.service)) return undefined;
  const symptoms = service.signals.filter(({ role }) => role === "symptom");
  const calm = symptoms.filter(isCalm);
  if (calm.length === 0 || symptoms.some(isFelt) || isRestarted(service) || isBlindBelow(seen)) return undefined;
  if (seen.metrics?.suspects.some(({ signals }) => signals.some(isFelt))) return undefined;
  const errors = (seen.logs.get(seen.service)?.patterns ?? []).filter(
    ({ label, level }) => level === "error" && (label === "new" || label === "rising"),
  );
  const load = service.signals.find(grows);
  if (load && errors.length === 0) {
    const moved = ({ change, score }: MetricSignal) => (change === "up" || change === "down") && score >= STRAINED;
    return { kind: "no_fault", service, why: { kind: "peak", load, calm, strained: symptoms.filter(moved) } };
  }
  const past = usuallyNothing(seen);
  const begunNow = errors.some(
    ({ label, first }) => label === "rising" || Math.abs(Date.parse(first) - alertAt) <= WITH_THE_ALERT_MS,
  );
  return past && !begunNow && !service.signals.some(isFull)
    ? { kind: "no_fault", service, why: { kind: "habit", calm, past } }
    : undefined;
}

/** What it uses is up by itself, whatever its callers feel yet. */
const isFull = ({ role, change, score }: MetricSignal): boolean =>
  role === "saturation" && change === "up" && score >= STRAINED;

/** Its containers were started again, as an orchestrator counts them: each time is one too many. */
const isRestarted = ({ signals }: MetricSuspect): boolean =>
  signals.some(({ signal, change }) => /restart/.test(signal) && change === "up");

/** Nothing was seen of anything that it calls. */
function isBlindBelow({ service, dependsOn, metrics, logs }: Seen): boolean {
  const below = dependsOn(service);
  return below.length > 0 && below.every((name) => metrics?.missing.includes(name) && !logs.has(name));
}

/** Latencies and errors reach whoever waits for the answer; a disk that fills does not, and is a fault all the same. */
const REACHES_CALLERS = /latency|duration|error|fail/;

/**
 * When the alerting service leads the suspects by its own figures alone, whoever calls it is measured: a database that takes seconds
 * cannot serve a caller in milliseconds, so the measurement is what is wrong.
 */
export async function nobodyFeels(inquiry: Inquiry, seen: Seen, first: RankedSuspect): Promise<NoFault | undefined> {
  const own = seen.closer.get(seen.service);
  if (!own || first.name !== seen.service || first.log?.level === "error") return undefined;
  const alarming = own.signals.filter((signal) => isFelt(signal) && REACHES_CALLERS.test(signal.signal));
  if (alarming.length === 0 || own.signals.some(isFull) || isRestarted(own)) return undefined;
  const callers = inquiry.investigation.catalog
    .entries()
    .filter(({ dependsOn, kind }) => kind === "service" && dependsOn.includes(seen.service));
  const answers = await Promise.all(callers.slice(0, MAX_CALLERS).map(({ name }) => measure(inquiry, name)));
  const measured = answers
    .flatMap((caller) => caller ?? [])
    .filter(({ signals }) => signals.some(({ role, change }) => role === "symptom" && change !== "unmeasured"));
  if (measured.length === 0 || measured.some(({ signals }) => signals.some(isFelt))) return undefined;
  const why: Harmless = { kind: "unfelt", alarming, callers: measured, said: saidBefore(own, seen) };
  return { kind: "no_fault", service: own, why };
}

/** What a service logged for the first time within a minute before its figures turned: an exporter that started, say. */
function saidBefore({ onset }: MetricSuspect, seen: Seen): LogPattern | undefined {
  const turned = onset === null ? Number.NaN : Date.parse(onset);
  return seen.logs
    .get(seen.service)
    ?.patterns.find(
      ({ before, first }) => before === 0 && Date.parse(first) <= turned && turned - Date.parse(first) <= 60_000,
    );
}
