import { bodyOf } from "@oncall-copilot/core";
import { namedInEvent } from "../../signs/blame.ts";
import type { MetricSignal, MetricSuspect } from "../../tools/answers.ts";
import { worstPatterns } from "./log-trouble.ts";
import type { Blame, Seen, Standing } from "./seen.ts";
import { isFelt } from "./signals.ts";
import { DATED } from "./suspicion.ts";

/** So much of a caller's new trouble must name the same callee. */
const MOST = 0.5;

/** Whom most of a service's new trouble names, among those that it calls. */
export function blamedBy(caller: string, seen: Seen): Omit<Blame, "standing"> | undefined {
  const patterns = worstPatterns(seen.logs.get(caller)?.patterns, seen.began, seen.page);
  const worst = patterns.some(({ level }) => level === "error") ? "error" : "warn";
  const told = patterns.filter(({ level }) => level === worst);
  const all = told.reduce((sum, { count }) => sum + count, 0);
  const blames = told.flatMap((pattern) => {
    const named = namedInEvent(bodyOf(pattern.evidence).trimStart(), seen.dependsOn(caller), seen.dependsOn);
    return named ? [{ caller, callee: named.name, says: named.says, line: named.line, pattern }] : [];
  });
  const [first] = [...blames].sort((a, b) => b.pattern.count - a.pattern.count);
  const same = blames.filter(({ callee }) => callee === first?.callee);
  const count = same.reduce((sum, { pattern }) => sum + pattern.count, 0);
  if (!first || count < all * MOST) return undefined;
  // An error that was answered tells more than a patience that ran out beside it.
  const refused = same.find(({ says }) => says === "refused");
  const answered = same.find(({ says, pattern }) => says === "answered" && pattern.count * 4 >= count);
  return refused ?? answered ?? first;
}

/** A signal that tells how long something takes, by its name. */
const IS_TIME = /latency|duration|seconds/;

const isFailing = (signal: MetricSignal): boolean =>
  isFelt(signal) ||
  (signal.role === "symptom" && signal.change === "up" && signal.score >= DATED && signal.recovered_at === undefined);

/** How a service or resource stands, by its figures and by its own log. */
export function standingOf(name: string, measured: MetricSuspect | undefined, seen: Seen): Standing {
  const logged = seen.logs.get(name)?.patterns ?? [];
  const own = worstPatterns(logged, seen.began, seen.page).some(({ level }) => level === "error");
  const signals = measured?.signals ?? [];
  // Errors that turned up tell by themselves, also while few samples of them are there yet.
  if (own || signals.some((signal) => isFailing(signal) && !IS_TIME.test(signal.signal))) return "failing";
  if (signals.some(isFelt)) return "slow";
  const figures = measured?.signals.some(({ change }) => change !== "unmeasured") ?? false;
  return figures || logged.length > 0 ? "well" : "unseen";
}
