import type { Measured, SignalChange } from "../change/signal-change.ts";
import { FEWEST_SAMPLES, isGuess } from "../change/usual.ts";
import { shortInstant } from "./figures.ts";

const NAMED_AT_MOST = 4;

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_AT_MOST).join(", ");
  return names.length > NAMED_AT_MOST ? `${shown} and ${names.length - NAMED_AT_MOST} more` : shown;
}

const signals = (list: readonly SignalChange[]) =>
  `${list.length} ${list.length === 1 ? "signal" : "signals"} of ${named(servicesOf(list))}`;

const servicesOf = (changes: readonly SignalChange[]) => [...new Set(changes.map(({ service }) => service))];

/** A service with the last time that any of its signals had a value. */
function withLastSeen(service: string, silent: readonly SignalChange[]): string {
  const seen = silent.flatMap((one) => (one.service === service && one.status === "stopped" ? [one.lastSeen] : []));
  return `${service} (last ${shortInstant(Math.max(...seen))})`;
}

/** The longest baseline among some that are all short. */
function longest(changes: readonly Measured[]): string {
  const ms = Math.max(...changes.map(({ usual }) => usual.span.to - usual.span.from));
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** What could not be seen or judged, each in one line that names it. */
export function gapsOf(changes: readonly SignalChange[], missing: readonly string[]): string[] {
  const gaps: string[] = [];
  if (missing.length > 0) gaps.push(`no series at all of ${named(missing)}`);
  const unmeasured = changes.filter(({ status }) => status === "too_few_samples");
  if (unmeasured.length > 0) {
    gaps.push(`not scored, too few samples: ${signals(unmeasured)}`);
  }
  const thin = changes.flatMap((change) => (change.status === "measured" && change.usual.thin ? [change] : []));
  const few = thin.filter(({ usual }) => isGuess(usual));
  if (few.length > 0) {
    gaps.push(`fewer than ${FEWEST_SAMPLES} earlier samples, so scored 0.4 at the most: ${signals(few)}`);
  }
  const short = thin.filter((change) => !few.includes(change));
  if (short.length > 0) gaps.push(`only ${longest(short)} to compare with, which is thin: ${signals(short)}`);
  const silent = changes.filter(({ status }) => status === "stopped");
  const gone = servicesOf(silent).filter((service) =>
    changes.every((change) => change.service !== service || change.status === "stopped"),
  );
  if (gone.length > 0) gaps.push(`silent altogether: ${named(gone.map((service) => withLastSeen(service, silent)))}`);
  const partly = silent.filter(({ service }) => !gone.includes(service));
  if (partly.length > 0) gaps.push(`stopped reporting: ${signals(partly)}`);
  return gaps;
}
