import type { Citation, Evidence } from "@oncall-copilot/core";
import type { LogPattern, MetricSignal, MetricSuspect } from "./answers.ts";

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
export const bodyOf = ({ evidence }: LogPattern): string => evidence.text.slice(evidence.text.indexOf("\n") + 1);

/** What of a logged line a person reads at a glance. */
const MOST_CHARS = 240;

/** What a service logged, word for word: the first line below our figures, and no more than a person reads. */
export function sampleOf({ evidence }: LogPattern): string {
  const line =
    evidence.text
      .split("\n")
      .slice(1)
      .find((one) => one.trim() !== "") ?? firstLine(evidence);
  if (line.length <= MOST_CHARS) return line;
  const cut = line.slice(0, MOST_CHARS);
  return cut.slice(0, Math.max(cut.lastIndexOf(" "), 1));
}
