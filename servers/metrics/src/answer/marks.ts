import type { Mark } from "@oncall-copilot/core";
import type { Measured, SignalChange } from "../change/signal-change.ts";

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
    // Nothing is asked of it, so that its errors and latency speak neither for it nor against it.
    case "no_traffic":
      return { shows: "absent", from: change.since };
    case "too_few_samples":
      return { shows: "state" };
  }
}

function markOfMeasured({ meaning, value, worst, onset, bad, recoveredAt, stretch }: Measured): Mark {
  // Nothing is asked of it: that errors and latency are as ever then says nothing for it, and nothing against it.
  if (meaning.role === "load" && value === 0 && (onset === null || worst === 0))
    return { shows: "absent", from: onset ?? undefined };
  if (onset === null) return { shows: "usual" };
  return {
    shows: "unusual",
    from: onset,
    to: recoveredAt === null ? undefined : stretch.to,
    better: bad ? undefined : true,
  };
}
