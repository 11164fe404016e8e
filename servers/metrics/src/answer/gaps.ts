import type { SignalChange } from "../change/change.ts";
import { FEWEST_SAMPLES } from "../change/usual.ts";
import { shortInstant } from "./figures.ts";

const NAMED_AT_MOST = 5;

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_AT_MOST).join(", ");
  return names.length > NAMED_AT_MOST ? `${shown} and ${names.length - NAMED_AT_MOST} more` : shown;
}

const servicesOf = (changes: readonly SignalChange[]) => [...new Set(changes.map(({ service }) => service))];

/** Services, each with the last time that one of these signals had a value. */
function withLastSeen(changes: readonly SignalChange[]): string[] {
  return servicesOf(changes).map((service) => {
    const seen = changes.flatMap((one) => (one.service === service && one.status === "stopped" ? [one.lastSeen] : []));
    return `${service} (last ${shortInstant(Math.max(...seen))})`;
  });
}

/** What could not be seen or judged, each in one line that names it. */
export function gapsOf(changes: readonly SignalChange[], missing: readonly string[]): string[] {
  const gaps: string[] = [];
  if (missing.length > 0) gaps.push(`no series at all of ${named(missing)}`);
  const unmeasured = changes.filter(({ status }) => status === "too_little_baseline");
  if (unmeasured.length > 0) {
    const those = `${unmeasured.length} signals of ${named(servicesOf(unmeasured))}`;
    gaps.push(`not scored, too few samples: ${those}`);
  }
  const thin = changes.filter((change) => change.status === "measured" && change.usual.thin);
  if (thin.length > 0) {
    const those = `${thin.length} signals of ${named(servicesOf(thin))}`;
    gaps.push(`compared with fewer than ${FEWEST_SAMPLES} earlier samples, so scored 0.4 at the most: ${those}`);
  }
  const silent = changes.filter((change) => change.status === "stopped" && !change.recent);
  if (silent.length > 0) gaps.push(`no value in the window: signals of ${named(withLastSeen(silent))}`);
  const stopped = changes.filter((change) => change.status === "stopped" && change.recent);
  if (stopped.length > 0) gaps.push(`stopped reporting in the window: signals of ${named(withLastSeen(stopped))}`);
  return gaps;
}
