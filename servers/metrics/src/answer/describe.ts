import type { Measured, NoTraffic, SignalChange, Stopped, Unmeasured } from "../change/signal-change.ts";
import { isGuess } from "../change/usual.ts";
import { factor, formatValue, period, shortInstant } from "./figures.ts";

/** Where a service stands in the walk, for the head of what is said of it. */
export interface Place {
  readonly name: string;
  readonly kind: "service" | "resource";
  readonly hops: number;
  /** Where it stands beside the walk: it calls the service asked about, or alerted with it. */
  readonly beside?: "caller" | "group";
  /** The service that was asked about. */
  readonly start: string;
}

const VALUES_SHOWN = 10;

function placeOf({ name, kind, hops, beside, start }: Place): string {
  if (beside) return `${name} (${beside === "caller" ? `calls ${start}` : `alerted with ${start}`})`;
  if (hops === 0) return `${name} (${kind} asked about)`;
  return `${name} (${kind}, ${hops} ${hops === 1 ? "hop" : "hops"} below ${start})`;
}

/** A text, and the lines of it that speak of each change, in the order of the changes. */
export interface Described {
  readonly text: string;
  readonly lines: readonly { readonly first: number; readonly last: number }[];
}

/**
 * What may be quoted of one service: a line that says who it is and how fine the times are, then a line for each signal. The
 * course of the first one is added as about ten values when `withCourse` says so.
 */
export function describe(place: Place, changes: readonly SignalChange[], withCourse: boolean): Described {
  const steps = [...new Set(changes.map(({ series }) => series.stepMs).filter((ms) => ms > 0))];
  const every = steps.length > 0 ? `, samples every ${steps.map(period).join(" or ")}` : "";
  const told = changes.map((change, index) => {
    const course = withCourse && index === 0 && change.status === "measured" ? courseOf(change) : undefined;
    return [`${change.signal} ${describeChange(change)}`, ...(course ? [course] : [])];
  });
  let next = 2;
  const lines = told.map(({ length }) => {
    const first = next;
    next += length;
    return { first, last: next - 1 };
  });
  return { text: [`${placeOf(place)}${every}`, ...told.flat()].join("\n"), lines };
}

/** The least that can be said of one signal, in one line. */
export function describeInLine(place: Place, change: SignalChange): string {
  const head = `${placeOf(place)} ${change.signal}`;
  if (change.status !== "measured" || change.onset === null) return `${head} ${describeChange(change)}`;
  const { signal, value, usual } = change;
  const times = factor(value, usual.median);
  const level = `${formatValue(signal, value)}; usually ${formatValue(signal, usual.median)}${times ? `, ${times}` : ""}`;
  const over = change.recoveredAt === null ? "" : `, usual again ${shortInstant(change.recoveredAt)}`;
  return `${head} ${turnedText(change, change.onset)}: ${level}${over}${isGuess(usual) ? ` (by only ${counted(usual.samples)})` : ""}`;
}

function describeChange(change: SignalChange): string {
  if (change.status === "measured") return describeMeasured(change);
  if (change.status === "no_traffic") return describeNoTraffic(change);
  return change.status === "stopped" ? describeStopped(change) : describeUnmeasured(change);
}

function describeNoTraffic({ signal, since, usual }: NoTraffic): string {
  const before = usual ? `; usually ${formatValue(signal, usual.median)}` : "";
  return `says nothing: no requests since ${shortInstant(since)}${before}`;
}

function describeStopped({ signal, lastSeen, usual }: Stopped): string {
  const before = usual ? `; usually ${formatValue(signal, usual.median)}` : "";
  return `stopped: no value after ${shortInstant(lastSeen)}${before}`;
}

function describeUnmeasured({ signal, before, inWindow, series }: Unmeasured): string {
  const last = formatValue(signal, series.values.at(-1) ?? Number.NaN);
  return `${last} at last; ${before} samples before the window and ${inWindow} in it: too few to compare`;
}

function usually({ signal, usual, value }: Measured): string {
  const say = (figure: number) => formatValue(signal, figure);
  const times = factor(value, usual.median);
  const known = isGuess(usual) ? `by only ${counted(usual.samples)}` : `IQR ${say(usual.iqr)}`;
  return `usually ${say(usual.median)} (${known})${times ? `, ${times}` : ""}`;
}

function describeMeasured(change: Measured): string {
  const { signal, value, worst, onset, series, stretch } = change;
  const say = (figure: number) => formatValue(signal, figure);
  if (onset === null) return `${say(value)} in the median, ${usually(change)}: within its usual range`;
  const ended = stretch.to < (series.times.at(-1) ?? 0);
  const lasted = ended && stretch.to > stretch.from ? ` until ${shortInstant(stretch.to)}` : "";
  const brief = ended && stretch.to === stretch.from ? " in that one sample" : "";
  const over = change.recoveredAt === null ? "" : ", over since";
  const far = change.bad && change.meaning.bad !== "either" ? "worst" : change.change === "up" ? "highest" : "lowest";
  const single = stretch.from === stretch.to || say(value) === say(worst);
  const level = single ? say(worst) : `${say(value)} in the median and ${say(worst)} at its ${far}`;
  return `${turnedText(change, onset)}: ${level}${lasted}${brief}${over}; ${usually(change)}`;
}

function turnedText({ change, climbs, seenTurning }: Measured, onset: number): string {
  if (climbs) return `${change === "up" ? "climbs" : "falls"} steadily since ${shortInstant(onset)}`;
  if (seenTurning) return `turned ${change} ${shortInstant(onset)}`;
  return `${change} since at least ${shortInstant(onset)}, before which there are no samples to see it turn`;
}

/** `1 earlier sample`, `3 earlier samples`. */
export const counted = (samples: number): string => `${samples} earlier ${samples === 1 ? "sample" : "samples"}`;

/** About ten values from before the turn to the last one, evenly apart, so that the course can be seen. */
function courseOf({ signal, series, onset, stretch }: Measured): string | undefined {
  if (onset === null) return undefined;
  const span = Math.max(stretch.to - stretch.from, series.stepMs * 2);
  const after = series.times.findIndex((at) => at > onset - span);
  const first = Math.max(after, 0);
  const values = series.values.slice(first);
  const apart = Math.max(1, (values.length - 1) / (VALUES_SHOWN - 1));
  const shown = Array.from({ length: Math.min(VALUES_SHOWN, values.length) }, (_, index) =>
    formatValue(signal, values[Math.round(index * apart)] ?? Number.NaN),
  );
  const [from, to] = [series.times[first] ?? 0, series.times.at(-1) ?? 0];
  return `  ${shown.length} values from ${shortInstant(from)} to ${shortInstant(to)}: ${shown.join(" ")}`;
}
