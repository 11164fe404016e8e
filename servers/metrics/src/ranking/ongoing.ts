import type { SignalChange } from "../change/signal-change.ts";

interface Node {
  readonly name: string;
  readonly hops: number;
}

/** A symptom this unusual, 0 to 1, is trouble and no noise. */
const MIN_SCORE = 0.3;

/**
 * Since when the trouble is that is on now, epoch ms: the first onset among the symptoms of the service asked about that are on; where it
 * shows none, among those of the whole walk. Undefined where nothing is on.
 */
export function ongoingSince(nodes: readonly Node[], changes: readonly SignalChange[]): number | undefined {
  const asked = nodes.find(({ hops }) => hops === 0)?.name;
  const walked = new Set(nodes.map(({ name }) => name));
  const on = changes.filter(
    (change) =>
      walked.has(change.service) &&
      (change.status === "stopped"
        ? change.recent
        : change.status === "measured" &&
          change.meaning.role === "symptom" &&
          change.bad &&
          change.recoveredAt === null &&
          change.score >= MIN_SCORE),
  );
  const own = on.filter(({ service }) => service === asked);
  const onsets = (own.length > 0 ? own : on).flatMap((change) =>
    change.status === "measured" ? (change.onset ?? []) : change.status === "stopped" ? change.lastSeen : [],
  );
  return onsets.length === 0 ? undefined : Math.min(...onsets);
}
