import type { MetricSignal } from "../../tools/answers.ts";
import { byScore, type RankedSuspect } from "./rank.ts";
import type { Blame, Seen } from "./seen.ts";
import { DATED } from "./suspicion.ts";

/** What is left of the first suspicion once callers' logs lead to another. */
const HANDED_DOWN = 0.75;
/** A change this near before the turn explains why what is called is slow: more is asked of it. */
const NEAR = 0.5;

/**
 * Puts first whom the callers' logs lead to. They are heeded as far as the one that is named fails by its own evidence too; one that is
 * merely slow is heeded unless its caller was changed right before, since then the caller may be asking for more. One that nobody can
 * see, such as a provider, is known by how its callers name it: by what it answered them, and by their waiting unless they were changed.
 */
export function heedBlame(ranked: readonly RankedSuspect[], seen: Seen): RankedSuspect[] {
  const suspects = ranked
    .map((one) => (isLeftAlone(one, ranked, seen) ? { ...one, score: handDown(one.score) } : one))
    .sort(byScore);
  const nearness = (name: string) => suspects.find((suspect) => suspect.name === name)?.change?.nearness ?? 0;
  const heeded = heededBlames(seen.blames, nearness);
  const [first] = suspects;
  const led = suspects.find(({ name }) => name === heeded.at(-1)?.callee);
  if (!first || !led || led === first) return [...suspects];
  const handed = { ...first, score: handDown(first.score) };
  return suspects
    .map((suspect) => (suspect === led ? { ...led, score: first.score } : suspect === first ? handed : suspect))
    .sort(byScore);
}

const handDown = (score: number): number => Math.round(score * HANDED_DOWN * 1000) / 1000;

/**
 * It gets no traffic any more, answers well what it gets, and one that calls it is in trouble itself: whoever sends it nothing is the one
 * to look at.
 */
function isLeftAlone({ name, metrics, log }: RankedSuspect, ranked: readonly RankedSuspect[], seen: Seen): boolean {
  const signals = metrics?.signals ?? [];
  const idle = signals.some(({ role, change }) => role === "load" && (change === "down" || change === "stopped"));
  if (!idle || log?.level === "error" || signals.some(isWorse)) return false;
  return ranked.some((caller) => seen.dependsOn(caller.name).includes(name) && caller.metrics?.signals.some(isWorse));
}

const isWorse = ({ role, change, score, recovered_at }: MetricSignal): boolean =>
  role === "symptom" && change === "up" && score >= DATED && recovered_at === undefined;

function heededBlames(blames: readonly Blame[], nearness: (name: string) => number): Blame[] {
  const stop = blames.findIndex(({ caller, callee, says, standing }) => {
    if (says === "refused" || standing === "well") return true;
    if (standing === "unseen") return says === "named" || (says === "waited" && nearness(caller) >= NEAR);
    return standing === "slow" && nearness(caller) >= NEAR && nearness(callee) < nearness(caller);
  });
  return stop < 0 ? [...blames] : blames.slice(0, stop);
}
