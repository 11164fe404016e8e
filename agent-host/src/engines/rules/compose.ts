import type { Claim, Draft } from "@oncall-copilot/core";
import type { MetricSignal } from "./answers.ts";
import { claim, historyClaims, logsClaim, signalClaim, whySuspect } from "./claims.ts";
import { fixFor, noFixBecause } from "./fix.ts";
import type { Seen } from "./look.ts";
import { cite, firstLine, signalLine, worstSignal } from "./quote.ts";
import { liveAt, type RankedSuspect } from "./rank.ts";
import type { Reading } from "./settle.ts";
import { DATED } from "./suspicion.ts";

/** Turns a reading into the draft that verification checks like any other engine's. */
export function compose(reading: Reading, seen: Seen, suspects: readonly RankedSuspect[]): Draft {
  const ranked = suspects.flatMap((suspect) => {
    const why = whySuspect(suspect, seen);
    return why ? [{ name: suspect.name, score: suspect.score, why }] : [];
  });
  const shared = { suspects: ranked, runbook: seen.runbook };
  switch (reading.kind) {
    case "culprit":
      return { ...shared, ...culpritPart(reading, seen) };
    case "no_fault":
      return { ...shared, ...noFaultPart(reading, seen) };
    case "unknown":
      return { ...shared, ...unknownPart(reading.why, seen) };
  }
}

type Part = Omit<Draft, "suspects" | "runbook">;

function culpritPart(reading: Extract<Reading, { kind: "culprit" }>, seen: Seen): Part {
  const { suspect, told } = reading;
  const { name } = suspect;
  const log = "pattern" in told ? told.pattern : suspect.log;
  return {
    family: told.family,
    culprit: name,
    diagnosis: diagnosisOf(reading, seen),
    // What the diagnosis cites is not said again.
    claims: [...logsClaim(name, log), ...victimClaim(seen, suspect), ...historyClaims(seen, name)],
    ruled_out: ruledOut(seen, suspect),
    fix: fixFor(reading, seen),
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

/** "This is X because of Y", in one sentence. */
function diagnosisOf({ suspect, told }: Extract<Reading, { kind: "culprit" }>, seen: Seen): Claim {
  const { name, metrics, log } = suspect;
  const whom = name === seen.service ? name : `${name}, which ${seen.service} depends on,`;
  // A suspicion too weak to date anything is no second witness: it would make a guess look agreed upon.
  const worst = metrics && metrics.score >= DATED ? worstSignal(metrics) : undefined;
  const line = metrics && worst && signalLine(metrics, worst);
  const effect = line && worst ? `its ${worst.signal} turned ${worst.change}` : "it logs new trouble";
  const shown = line ? [cite(metrics.evidence, line)] : logsClaim(name, log).flatMap(({ supports }) => supports);
  const who = whom.replace(/,$/, "");
  switch (told.family) {
    case "other":
      return claim(`The trouble starts at ${who}: ${effect}.`, ...shown);
    case "undersized_hpa": {
      const full = metrics ? signalClaim(metrics, told.strained).flatMap(({ supports }) => supports) : [];
      const load = told.load ? ` while ${told.load.signal} is up` : "";
      return claim(
        `${who} has too little capacity: its ${told.strained.signal} turned up${load}, and ${effect}.`,
        ...full,
        ...shown,
      );
    }
    case "expired_secret":
    case "missing_iam_permission": {
      const said = logsClaim(name, told.pattern).flatMap(({ supports }) => supports);
      const why =
        told.family === "expired_secret"
          ? "the credential that it uses is not accepted"
          : "a right that it needs is refused";
      return claim(`${who} fails since ${why}, as its own log says, and ${effect}.`, ...said, ...shown);
    }
    default: {
      const { sha, kind, evidence } = told.change.change;
      if (kind === "drift") {
        const text = `What runs of ${whom} was changed outside git and differs from what should run; then ${effect}.`;
        return claim(text, cite(evidence, firstLine(evidence)), ...shown);
      }
      const what = told.family === "config_drift" ? "A change of configuration that reached" : "A deployment of";
      return claim(
        `${what} ${whom} broke it: commit ${sha.slice(0, 10)} went live, then ${effect}.`,
        cite(evidence, firstLine(evidence)),
        ...shown,
      );
    }
  }
}

/** Deployments that went live only after the culprit had turned cannot have caused it. */
function ruledOut(seen: Seen, { name, metrics }: RankedSuspect): Draft["ruled_out"] {
  const worst = metrics && worstSignal(metrics);
  const line = metrics && worst && signalLine(metrics, worst);
  if (!metrics || !line || metrics.onset === null) return [];
  const turned = Date.parse(metrics.onset);
  return (seen.changes ?? []).flatMap((change) => {
    const at = liveAt(change);
    const [first] = change.services;
    if (
      change.kind === "drift" ||
      first === undefined ||
      at === undefined ||
      at <= turned ||
      change.services.includes(name)
    )
      return [];
    const quotes = [cite(change.evidence, firstLine(change.evidence)), cite(metrics.evidence, line)];
    return [
      { theory: `The deployment of ${first}`, because: claim(`It went live after ${name} had turned.`, ...quotes) },
    ];
  });
}

function noFaultPart(reading: Extract<Reading, { kind: "no_fault" }>, seen: Seen): Part {
  const { service, load, calm, strained } = reading;
  const quotes = (signals: readonly MetricSignal[]) =>
    signals.flatMap((signal) => signalClaim(service, signal)).flatMap(({ supports }) => supports);
  const calmly = calm.length === 1 ? "stays within its usual range" : "stay within their usual range";
  const names = calm.map(({ signal }) => signal).join(" and ");
  const text = `${service.service} takes more traffic than usual and nothing is broken: ${load.signal} is up while ${names} ${calmly}.`;
  return {
    family: "no_fault",
    culprit: null,
    diagnosis: { text, supports: quotes([load, ...calm]), contradicts: quotes(strained) },
    claims: historyClaims(seen),
    ruled_out: [],
    fix: noFixBecause("nothing is broken: it is a traffic peak that is being served"),
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
