import type { Seen } from "./look.ts";
import { BLUR_MS, byScore, type RankedSuspect } from "./rank.ts";

/** What is left of the first suspicion once what it calls is found to be in trouble of its own. */
const HANDED_DOWN = 0.75;
/** So many hops at the most, as the walk has. */
const MOST_STEPS = 3;

/**
 * Goes from the first suspect down to what it calls, as long as that logs new errors which began no later: the deepest that is in
 * trouble is where it starts, also where nobody measures it. A suspect whose own change is nearer keeps its place.
 */
export function descend(suspects: readonly RankedSuspect[], seen: Seen): RankedSuspect[] {
  let ranked = [...suspects];
  for (let step = 0; step < MOST_STEPS; step++) {
    const [first] = ranked;
    if (!first) break;
    const below = seen
      .dependsOn(first.name)
      .flatMap((name) => ranked.find((suspect) => suspect.name === name) ?? [])
      .filter((suspect) => isDeeper(suspect, first))
      .sort(byScore)[0];
    if (!below) break;
    const handed = { ...first, score: Math.round(first.score * HANDED_DOWN * 1000) / 1000 };
    ranked = ranked.map((suspect) =>
      suspect === below ? { ...below, score: first.score } : suspect === first ? handed : suspect,
    );
    ranked.sort(byScore);
  }
  return ranked;
}

function isDeeper(below: RankedSuspect, above: RankedSuspect): boolean {
  const { log } = below;
  if (log?.label !== "new" || log.level !== "error") return false;
  const turned = Math.min(
    above.onset ?? Number.POSITIVE_INFINITY,
    above.log ? Date.parse(above.log.first) : Number.POSITIVE_INFINITY,
  );
  if (Date.parse(log.first) > turned + BLUR_MS) return false;
  return (below.change?.nearness ?? 0) >= (above.change?.nearness ?? 0);
}
