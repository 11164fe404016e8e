import { bodyOf, type Catalog } from "@oncall-copilot/core";
import { namedInEvent, ownLines } from "../signs/blame.ts";
import { type LogPattern, LogsAnswer, type MetricSignal, type MetricSuspect, MetricsAnswer } from "../tools/answers.ts";
import type { ToolCall } from "../tools/toolbox.ts";
import {
  BLUR_MS,
  LOG_BLUR_MS,
  MAX_WORDS,
  MIN_DATED,
  MIN_LINES,
  MIN_REPEATS,
  MOST,
  SAME_TURN_MS,
  SURGE,
} from "./thresholds.ts";

/** What this investigation has seen of services: their log patterns and signals, the last answer about each. */
export interface Sightings {
  readonly logs: ReadonlyMap<string, readonly LogPattern[]>;
  readonly metrics: ReadonlyMap<string, MetricSuspect>;
}

/** Reads the answers of the calls so far; what is not of their shape was told elsewhere. */
export function sightingsIn(calls: readonly ToolCall[]): Sightings {
  const logs = new Map<string, readonly LogPattern[]>();
  const metrics = new Map<string, MetricSuspect>();
  for (const { tool, outcome, structured } of calls) {
    if (outcome !== "found") continue;
    const log = tool === "read_logs" ? LogsAnswer.safeParse(structured).data : undefined;
    if (log) logs.set(log.service, log.patterns);
    const measured = tool === "read_metrics" ? MetricsAnswer.safeParse(structured).data : undefined;
    for (const suspect of measured?.suspects ?? []) {
      const known = metrics.get(suspect.service);
      // Measured by itself it shows more signals; among the others, how it compares.
      if (!known || suspect.signals.length > known.signals.length) metrics.set(suspect.service, suspect);
    }
  }
  return { logs, metrics };
}

/** Patterns that speak of trouble which was not there before: errors and warnings that are new or rising. */
export const newTrouble = (patterns: readonly LogPattern[] | undefined): LogPattern[] =>
  (patterns ?? []).filter(
    ({ label, level }) => (label === "new" || label === "rising") && (level === "error" || level === "warn"),
  );

/** The words of the trouble, the culprit's own first: what a commit is held against. */
export function troubleWords(names: readonly string[], { logs }: Sightings): string {
  const rank = ({ level }: LogPattern) => (level === "error" ? 0 : 1);
  const lines = names.flatMap((name) =>
    newTrouble(logs.get(name))
      .sort((a, b) => rank(a) - rank(b) || b.count - a.count)
      .map(({ evidence }) => bodyOf(evidence)),
  );
  return lines.join("\n").slice(0, MAX_WORDS);
}

const isUp = ({ change, score }: MetricSignal) => change !== "usual" && change !== "unmeasured" && score >= MIN_DATED;

/** When a service turned, epoch milliseconds, and by how much that may be off. */
export interface Turn {
  readonly at: number;
  readonly blur: number;
}

/**
 * When a service turned: by its symptoms, else by what it is full of, never by its load. A log that began to complain at that time says
 * it to the millisecond, as far as most of what is new in it is that complaint. Null when nothing dates it.
 */
export function turnOf(name: string, { logs, metrics }: Sightings, alertAt: number): Turn | null {
  const turnedUp = (metrics.get(name)?.signals ?? []).filter((signal) => isUp(signal) && signal.onset !== null);
  // What was over before dates what is on no more: an earlier wobble is none of it.
  const on = turnedUp.filter(({ recovered_at }) => recovered_at === undefined);
  const signals = on.some(({ role }) => role === "symptom") ? on : turnedUp;
  const onsets = (role: MetricSignal["role"]) =>
    signals
      .filter((signal) => signal.role === role)
      .flatMap(({ onset }) => (onset === null ? [] : [Date.parse(onset)]));
  const [symptom, full] = [Math.min(...onsets("symptom")), Math.min(...onsets("saturation"))];
  const turned = Number.isFinite(symptom) ? symptom : full;
  const around = Number.isFinite(turned) ? turned : alertAt;
  const errors = newTrouble(logs.get(name)).filter(({ level }) => level === "error");
  const [worst] = [...errors].sort((a, b) => b.count - a.count);
  const all = errors.reduce((sum, { count }) => sum + count, 0);
  if (worst && worst.label === "new" && worst.count >= MIN_LINES && worst.count >= all * MOST) {
    const first = Date.parse(worst.first);
    if (Math.abs(first - around) <= SAME_TURN_MS) return { at: first, blur: LOG_BLUR_MS };
  }
  return Number.isFinite(turned) ? { at: turned, blur: BLUR_MS } : null;
}

/** Why no commit need be at fault, by what was seen of the culprit. */
export type Outside = "one_input" | "surge" | "callee";

/** One and the same input that fails over and over: the worst pattern says the same in every line, figures and ids included. */
function isOneInput(patterns: readonly LogPattern[]): boolean {
  const worst = patterns.filter(({ level }) => level === "error").sort((a, b) => b.count - a.count)[0];
  return worst !== undefined && worst.count >= MIN_REPEATS && worst.repeats === true;
}

const grownBy = ({ value, usual }: MetricSignal) => (value && usual ? value / usual : 1);

/** More is asked than usual, by so much that what is full since then is full of it. */
function isSurge(metrics: MetricSuspect | undefined): boolean {
  return (metrics?.signals ?? []).some(
    (signal) => signal.role === "load" && signal.change === "up" && grownBy(signal) >= SURGE,
  );
}

/** A host that a line names, as part of an address. */
const HOST = /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@]*@)?([\w.-]+)/gi;

/**
 * Most of what is new in its log is what others answer it, or that they do not: of the catalog, or of nobody's. Whoever logs it is not
 * at fault for that, unless a commit of its own has the very words.
 */
function isAnswered(culprit: string, patterns: readonly LogPattern[], catalog: Catalog): boolean {
  const errors = patterns.filter(({ level }) => level === "error");
  const all = errors.reduce((sum, { count }) => sum + count, 0);
  const below = (name: string) => catalog.find(name)?.dependsOn ?? [];
  const told = errors.filter((pattern) => {
    const words = bodyOf(pattern.evidence);
    const hosts = [...ownLines(words).join("\n").matchAll(HOST)].flatMap(([, host = ""]) =>
      catalog.find(host.split(".", 1)[0] ?? "") ? [] : [host],
    );
    const named = namedInEvent(words, [...below(culprit), ...hosts], below);
    return named !== undefined && (named.says === "answered" || named.says === "waited");
  });
  return all > 0 && told.reduce((sum, { count }) => sum + count, 0) > all * MOST;
}

export function outsideCause(
  culprit: string,
  entrance: string,
  { logs, metrics }: Sightings,
  catalog: Catalog,
): Outside | null {
  const fresh = newTrouble(logs.get(culprit));
  if (isOneInput(fresh)) return "one_input";
  if (isAnswered(culprit, fresh, catalog)) return "callee";
  // What asks more of a service may be its own caller; at the entrance it is the world.
  return isSurge(metrics.get(entrance)) ? "surge" : null;
}
