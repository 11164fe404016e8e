import { byScore, type RankedSuspect } from "./rank.ts";
import type { Blame, Seen } from "./seen.ts";

/** What is left of the first suspicion once callers' logs lead to another. */
const HANDED_DOWN = 0.75;
/** A change this near before the turn explains why what is called is slow: more is asked of it. */
const NEAR = 0.5;

/**
 * Puts first whom the callers' logs lead to. They are heeded as far as the one that is named fails by its own evidence too; one that is
 * merely slow is heeded unless its caller was changed right before, since then the caller may be asking for more.
 */
export function heedBlame(suspects: readonly RankedSuspect[], seen: Seen): RankedSuspect[] {
  const nearness = (name: string) => suspects.find((suspect) => suspect.name === name)?.change?.nearness ?? 0;
  const heeded = heededBlames(seen.blames, nearness);
  const [first] = suspects;
  const led = suspects.find(({ name }) => name === heeded.at(-1)?.callee);
  if (!first || !led || led === first) return [...suspects];
  const handed = { ...first, score: Math.round(first.score * HANDED_DOWN * 1000) / 1000 };
  return suspects
    .map((suspect) => (suspect === led ? { ...led, score: first.score } : suspect === first ? handed : suspect))
    .sort(byScore);
}

function heededBlames(blames: readonly Blame[], nearness: (name: string) => number): Blame[] {
  const stop = blames.findIndex(({ caller, callee, says, standing }) => {
    if (says === "refused" || standing === "well" || standing === "unseen") return true;
    return standing === "slow" && nearness(caller) >= NEAR && nearness(callee) < nearness(caller);
  });
  return stop < 0 ? [...blames] : blames.slice(0, stop);
}
