import { type Claim, headingOf, messageOf } from "@oncall-copilot/core";
import type { Change, LogPattern, MetricSignal, MetricSuspect } from "../../tools/answers.ts";
import { cite, lineAbout, signalLine, worstSignal } from "./quote.ts";
import type { RankedSuspect } from "./rank.ts";
import type { Seen } from "./seen.ts";
import { isCalm } from "./signals.ts";
import { DATED } from "./suspicion.ts";

/*
 * The rules' sentences. Each is made of lines of the evidence itself, so that every figure in it stands in the quote
 * beside it.
 */

export function claim(text: string, ...supports: Claim["supports"]): Claim {
  return { text, supports, contradicts: [] };
}

/** What one signal of a service does. */
export function signalClaim(suspect: MetricSuspect, signal: MetricSignal | undefined): Claim[] {
  const line = signal && signalLine(suspect, signal);
  return line === undefined ? [] : [claim(`${suspect.service}: ${line}.`, cite(suspect.evidence, line))];
}

/** The signal that speaks most of trouble, with its figures. */
function metricsClaim(suspect: MetricSuspect | undefined): Claim[] {
  return suspect ? signalClaim(suspect, worstSignal(suspect)) : [];
}

/** A pattern's figures, and its line word for word. */
export function logsClaim(name: string, pattern: LogPattern | undefined): Claim[] {
  if (!pattern) return [];
  const sample = messageOf(pattern.evidence);
  const how = pattern.label === "new" ? "that it did not log before" : "more often than before";
  const quotes = [headingOf(pattern.evidence), ...(sample === "" ? [] : [sample])].map((quote) =>
    cite(pattern.evidence, quote),
  );
  return [claim(`${name} logs a pattern of level ${pattern.level} ${how}.`, ...quotes)];
}

export function changeClaim({ evidence }: Change): Claim {
  const line = headingOf(evidence);
  return claim(`${line}.`, cite(evidence, line));
}

/** Why a suspect stands where it stands: the strongest of what can be quoted of it. */
export function whySuspect(
  { name, metrics, log, change }: RankedSuspect,
  { metrics: answer }: Seen,
): Claim | undefined {
  const usual = metrics?.signals.find(isCalm);
  const line = answer?.more ? lineAbout(name, answer.more.evidence) : undefined;
  // A suspicion too weak to date anything is no second witness beside a log line.
  const sure = metrics !== undefined && metrics.score >= DATED;
  const [why] = [
    ...(sure ? metricsClaim(metrics) : logsClaim(name, log)),
    ...metricsClaim(metrics),
    ...(answer?.more && line ? [claim(`${line}.`, cite(answer.more.evidence, line))] : []),
    ...logsClaim(name, log),
    ...(change ? [changeClaim(change.change)] : []),
    ...(metrics ? signalClaim(metrics, usual) : []),
  ];
  return why;
}
