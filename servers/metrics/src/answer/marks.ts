import type { Mark } from "@oncall-copilot/core";
import type { Measured, SignalChange } from "../change/change.ts";

/** What one signal shows, without the lines that say it. */
export function markOfSignal(change: SignalChange): Mark {
  const load = change.meaning.role === "load" ? true : undefined;
  return { ...markOfStatus(change), of: change.signal, load };
}

function markOfStatus(change: SignalChange): Mark {
  switch (change.status) {
    case "measured":
      return markOfMeasured(change);
    case "stopped":
      return { shows: "absent", from: change.lastSeen };
    case "too_few_samples":
      return { shows: "state" };
  }
}

function markOfMeasured({ meaning, value, worst, onset, bad, series, stretch }: Measured): Mark {
  // Nothing is asked of it: that errors and latency are as ever then says nothing for it, and nothing against it.
  if (meaning.role === "load" && value === 0 && (onset === null || worst === 0))
    return { shows: "absent", from: onset ?? undefined };
  if (onset === null) return { shows: "usual" };
  const ended = stretch.to < (series.times.at(-1) ?? 0);
  return {
    shows: "unusual",
    from: onset,
    to: ended ? stretch.to : undefined,
    better: bad ? undefined : true,
  };
}
