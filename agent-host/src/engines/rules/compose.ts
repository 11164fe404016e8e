import { type Claim, type Draft, headingOf } from "@oncall-copilot/core";
import { claim, logsClaim, signalClaim, whySuspect } from "./claims.ts";
import { blameClaims, diagnosisOf, harmlessDiagnosis } from "./diagnosis.ts";
import { noFixBecause, type Remedy } from "./fixes/remedy.ts";
import type { NoFault } from "./no-fault.ts";
import { historyClaims } from "./past.ts";
import { cite, signalLine, worstSignal } from "./quote.ts";
import type { RankedSuspect } from "./rank.ts";
import type { Recovered } from "./recovered.ts";
import type { Seen } from "./seen.ts";
import type { CulpritReading, Reading } from "./settle.ts";

/** A reading, and for a culprit what was found to mend it. */
type Conclusion = Exclude<Reading, CulpritReading> | (CulpritReading & { readonly remedy: Remedy });

/** Turns a conclusion into the draft that verification checks like any other engine's. */
export function compose(reading: Conclusion, seen: Seen, suspects: readonly RankedSuspect[]): Draft {
  const ranked = suspects.flatMap((suspect) => {
    const why = whySuspect(suspect, seen);
    return why ? [{ name: suspect.name, score: suspect.score, why }] : [];
  });
  const shared = { suspects: ranked, runbook: seen.runbook };
  switch (reading.kind) {
    case "culprit":
      return { ...shared, ...culpritPart(reading, reading.remedy, seen) };
    case "no_fault":
      return { ...shared, ...noFaultPart(reading, seen) };
    case "recovered":
      return { ...shared, ...recoveredPart(reading, seen) };
    case "unknown":
      return { ...shared, ...unknownPart(reading.why, seen) };
  }
}

type Part = Omit<Draft, "suspects" | "runbook">;

function culpritPart(reading: CulpritReading, remedy: Remedy, seen: Seen): Part {
  const { suspect, told } = reading;
  const { name } = suspect;
  const log = "pattern" in told ? told.pattern : suspect.log;
  return {
    family: told.family,
    culprit: name,
    diagnosis: diagnosisOf(reading, seen),
    // What the diagnosis cites is not said again.
    claims: [
      ...logsClaim(name, log),
      ...blameClaims(reading, seen),
      ...victimClaim(seen, suspect),
      ...remedy.claims,
      ...historyClaims(seen, name),
    ],
    ruled_out: ruledOut(reading),
    fix: remedy.fix,
  };
}

/** That the alerting service suffers from it, and since when. */
function victimClaim(seen: Seen, { name }: RankedSuspect): Claim[] {
  const own = seen.metrics?.suspects.find(({ service }) => service === seen.service);
  const worst = own && worstSignal(own);
  const line = own && worst && signalLine(own, worst);
  if (!line || name === seen.service) return [];
  return [
    claim(
      `${seen.service}, where the alert fired, feels it: its ${worst.signal} turned ${worst.change}.`,
      cite(own.evidence, line),
    ),
  ];
}

const CLEARED: Readonly<Record<string, (name: string) => string>> = {
  only_comments_labels_or_tests: () => "It changes nothing that runs.",
  live_after_turn: (name) => `It went live after ${name} had turned.`,
  taken_back: (name) => `It was taken out again before ${name} turned.`,
  never_live: () => "No roll-out carried it.",
  another_path: (name) => `It changes another service, and nothing of the trouble at ${name} names it.`,
};
const MAX_RULED_OUT = 5;

/** Commits that the trial cleared, each with what shows it. */
function ruledOut({ suspect, trial }: CulpritReading): Draft["ruled_out"] {
  const worst = suspect.metrics && worstSignal(suspect.metrics);
  const line = suspect.metrics && worst && signalLine(suspect.metrics, worst);
  const turn = suspect.metrics && line ? [cite(suspect.metrics.evidence, line)] : [];
  return (trial?.tried ?? []).slice(0, MAX_RULED_OUT).flatMap(({ change, clearance, service }) => {
    const because = clearance && CLEARED[clearance.code]?.(suspect.name);
    if (because === undefined) return [];
    const quotes = [
      cite(change.evidence, headingOf(change.evidence)),
      ...(clearance?.code === "live_after_turn" ? turn : []),
    ];
    return [{ theory: `A deployment of ${service}`, because: claim(because, ...quotes) }];
  });
}

function noFaultPart(reading: NoFault, seen: Seen): Part {
  const { diagnosis, claims, noFix } = harmlessDiagnosis(reading, seen);
  return {
    family: "no_fault",
    culprit: null,
    diagnosis,
    claims: [...claims, ...historyClaims(seen)],
    ruled_out: [],
    fix: noFixBecause(noFix),
  };
}

/** It was broken and is not any more: when, and that nobody knows why. */
function recoveredPart({ service, over }: Recovered, seen: Seen): Part {
  const quotes = over.flatMap((signal) => signalClaim(service, signal)).flatMap(({ supports }) => supports);
  const names = over.map(({ signal }) => signal).join(" and ");
  return {
    family: "other",
    culprit: null,
    diagnosis: claim(
      `${service.service} was broken and has recovered: ${names} turned and ${over.length === 1 ? "is" : "are"} usual again.`,
      ...quotes,
    ),
    claims: historyClaims(seen),
    ruled_out: [],
    fix: noFixBecause(`${service.service} has recovered, and what broke it is not known`),
  };
}

/** Nothing stands out. What the alerting service shows is told, and no cause is named. */
function unknownPart(why: string, seen: Seen): Part {
  const own = seen.metrics?.suspects.find(({ service }) => service === seen.service);
  const facts = own ? own.signals.flatMap((signal) => signalClaim(own, signal)) : [];
  const quotes = [...facts, ...historyClaims(seen)].flatMap(({ supports }) => supports).slice(0, 3);
  return {
    family: "other",
    culprit: null,
    diagnosis: claim(`No cause can be named for ${seen.service}: ${why}.`, ...quotes),
    claims: facts.length > 0 ? historyClaims(seen) : [],
    ruled_out: [],
    fix: noFixBecause(why),
  };
}
