import type { SignalChange } from "../change/change.ts";
import { FEWEST_SAMPLES } from "../change/usual.ts";
import { shortInstant } from "./figures.ts";

const NAMED_AT_MOST = 6;

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_AT_MOST).join(", ");
  return names.length > NAMED_AT_MOST ? `${shown} and ${names.length - NAMED_AT_MOST} more` : shown;
}

/** What could not be seen or judged, each in one line that names it. */
export function gapsOf(changes: readonly SignalChange[], missing: readonly string[]): string[] {
  const gaps: string[] = [];
  if (missing.length > 0) gaps.push(`no series at all of ${missing.length}: listed as missing`);
  const thin = changes.filter((change) => change.status === "too_little_baseline");
  if (thin.length > 0) {
    const by = [...new Set(thin.map(({ service }) => service))];
    gaps.push(
      `${thin.length} signals with fewer than ${FEWEST_SAMPLES} samples before the window, not scored: ${named(by)}`,
    );
  }
  const silent = changes.filter((change) => change.status === "stopped" && !change.recent);
  const since = new Map(silent.map((change) => [change.service, change.status === "stopped" ? change.lastSeen : 0]));
  if (since.size > 0) {
    const list = [...since].map(([service, at]) => `${service} (last ${shortInstant(at)})`);
    gaps.push(`${silent.length} signals without a sample in the window: ${named(list)}`);
  }
  return gaps;
}
