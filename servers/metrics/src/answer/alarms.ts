import { briefly, CouldNotLook, type Mark } from "@oncall-copilot/core";
import type { AlarmChange, AlarmsFound, AlarmsQuery, MetricsStore } from "../store.ts";
import { shortInstant } from "./figures.ts";
import type { ShownAlarms } from "./schema.ts";
import type { Unminted } from "./shown.ts";

/** Lines that are shown, and characters of an alarm's own reason: an answer has little room. */
const MAX_LINES = 4;
const MAX_OF_A_REASON = 90;

/** What the backend's alarms did; that they could not be read is a gap and never fails a call. */
export async function alarmsOf(store: MetricsStore, query: AlarmsQuery): Promise<AlarmsFound> {
  if (!store.alarms) return { changes: [], gaps: [] };
  try {
    return await store.alarms(query);
  } catch (error) {
    query.abort.throwIfAborted();
    if (!(error instanceof CouldNotLook)) throw error;
    return { changes: [], gaps: [`could not look at alarms: ${error.message}`] };
  }
}

/** Went off first, then was off all the while, then recovered: what began in the window says most. */
const rank = ({ from, to }: AlarmChange) => (from === undefined ? 1 : to === "ALARM" ? 0 : 2);

/** Alarms as one evidence item with a line for each, as many as there is room for. */
export function showAlarms(
  changes: readonly AlarmChange[],
  window: { readonly from: number; readonly to: number },
): Unminted<Omit<ShownAlarms, "evidence">> | undefined {
  const order = [...changes].sort((a, b) => rank(a) - rank(b) || a.at - b.at || (a.alarm < b.alarm ? -1 : 1));
  const shown = order.slice(0, MAX_LINES);
  const [first] = shown;
  if (!first) return undefined;
  return {
    part: { shown: shown.length, left_out: order.length - shown.length },
    draft: {
      text: shown.map(line).join("\n"),
      url: first.url,
      at: first.from === undefined ? `${shortInstant(window.from)}/${shortInstant(window.to)}` : shortInstant(first.at),
      about: [...new Set(shown.map(({ service }) => service))],
      shows: shown.map((change, index) => ({ ...markOf(change), lines: { first: index + 1, last: index + 1 } })),
    },
  };
}

/** An alarm that is on has been measured to be out of what its owner calls usual; one that could not be judged shows nothing. */
function markOf({ service, alarm, at, to }: AlarmChange): Mark {
  const about = { whose: service, of: alarm, from: at };
  if (to === "ALARM") return { shows: "unusual", ...about };
  return { shows: to === "OK" ? "usual" : "state", ...about };
}

function line({ service, alarm, at, from, to, reason }: AlarmChange): string {
  const why = briefly(reason.replace(/\s+/g, " ").trim(), MAX_OF_A_REASON);
  const what = from === undefined ? `${to} since ${shortInstant(at)}` : `${from} to ${to} ${shortInstant(at)}`;
  return `${service} alarm ${alarm}: ${what}${why === "" ? "" : `; ${why}`}`;
}
