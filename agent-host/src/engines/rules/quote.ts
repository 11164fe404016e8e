import { type Citation, type Evidence, wholeWords } from "@oncall-copilot/core";
import type { LogPattern, MetricSignal, MetricSuspect } from "../../tools/answers.ts";

/** The evidence's first line, where its figures are. */
export const firstLine = (evidence: Evidence): string => evidence.text.split("\n", 1)[0] ?? "";

export const cite = (evidence: Evidence, quote: string): Citation => ({ id: evidence.id, quote });

/** The line of a service's metrics that tells of one signal. */
export function signalLine({ evidence }: MetricSuspect, signal: MetricSignal): string | undefined {
  return evidence.text.split("\n").find((line) => line.startsWith(`${signal.signal} `));
}

/** The line of the signal that speaks most of trouble: a symptom before the rest, then the most unusual. */
export function worstSignal({ signals }: MetricSuspect): MetricSignal | undefined {
  const unusual = signals.filter(({ change }) => change !== "usual" && change !== "unmeasured");
  const rank = ({ role }: MetricSignal) => (role === "symptom" ? 0 : 1);
  return [...unusual].sort((a, b) => rank(a) - rank(b) || b.score - a.score)[0];
}

/** The line about one service of an item that has a line for each. */
export const lineAbout = (name: string, { text }: Evidence): string | undefined =>
  text.split("\n").find((line) => line.startsWith(`${name} (`));

/** All that a pattern's sample shows, its stack too: our own figures stand in the line above. */
export const bodyOf = ({ evidence }: LogPattern): string => evidence.text.split("\n").slice(1).join("\n");

/** What a service logged, without its stack: the first line of it. */
export const messageOf = (pattern: LogPattern): string =>
  bodyOf(pattern)
    .split("\n")
    .find((line) => line.trim() !== "") ?? "";

/** What of a logged line a person reads at a glance. */
const MAX_CHARS = 240;

/** A pattern's message, word for word, and no more of it than a person reads; our own figures where there is none. */
export const sampleOf = (pattern: LogPattern): string =>
  wholeWords(messageOf(pattern), MAX_CHARS) || firstLine(pattern.evidence);
