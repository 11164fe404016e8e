import {
  type Citation,
  type Evidence,
  headingOf,
  type Mark,
  markedLines,
  messageOf,
  readMarks,
  wholeWords,
} from "@oncall-copilot/core";
import type { LogPattern, MetricSignal, MetricSuspect } from "../../tools/answers.ts";

export const cite = (evidence: Evidence, quote: string): Citation => ({ id: evidence.id, quote });

/** The line of a service's metrics that tells of one signal. */
export function signalLine({ evidence }: MetricSuspect, signal: MetricSignal): string | undefined {
  return lineWhere(evidence, ({ of }) => of === signal.signal);
}

/** The first line whose mark is the one that is looked for. */
function lineWhere({ text, shows }: Evidence, fits: (mark: Mark) => boolean): string | undefined {
  const mark = readMarks(shows).find((one) => one.lines !== undefined && fits(one));
  return mark && headingOf({ text: markedLines(text, mark) });
}

/** The line of the signal that speaks most of trouble: a symptom before the rest, then the most unusual. */
export function worstSignal({ signals }: MetricSuspect): MetricSignal | undefined {
  const unusual = signals.filter(({ change }) => change !== "usual" && change !== "unmeasured");
  const rank = ({ role }: MetricSignal) => (role === "symptom" ? 0 : 1);
  return [...unusual].sort((a, b) => rank(a) - rank(b) || b.score - a.score)[0];
}

/** The line about one service of an item that has a line for each. */
export const lineAbout = (name: string, evidence: Evidence): string | undefined =>
  lineWhere(evidence, ({ whose }) => whose === name);

/** What of a logged line a person reads at a glance. */
const MAX_CHARS = 240;

/** A logged line, word for word, and no more of it than a person reads. */
export const readable = (line: string): string => wholeWords(line, MAX_CHARS);

/** A pattern's message, word for word, and no more of it than a person reads; our own figures where there is none. */
export const sampleOf = (pattern: LogPattern): string =>
  readable(messageOf(pattern.evidence)) || headingOf(pattern.evidence);
