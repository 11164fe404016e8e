import { LogsAnswer } from "../../tools/answers.ts";
import type { Inquiry } from "./inquiry.ts";
import { worstPatterns } from "./log-trouble.ts";
import type { RankedSuspect } from "./rank.ts";
import type { Ground, Seen } from "./seen.ts";
import { isFelt } from "./signals.ts";

/** So many that stand on the same thing and are in trouble at once. */
const MIN_DEPENDENTS = 2;
/** How many such things are asked what they log. */
const MAX_ASKED = 3;

/**
 * What several services in trouble stand on and nothing measures: a node pool, a zone, a broker. It is in trouble when its own log
 * says so since then, as a platform's events do; what logs nothing new leads nothing.
 */
export async function findCommonGround(
  inquiry: Inquiry,
  seen: Seen,
  suspects: readonly RankedSuspect[],
): Promise<Seen> {
  const { catalog } = inquiry.investigation;
  const troubled = troubledOf(seen, suspects);
  const unmeasured = (seen.metrics?.missing ?? []).filter((name) => catalog.find(name)?.kind === "resource");
  const shared = unmeasured
    .map((name) => ({ name, dependents: troubled.filter((one) => seen.dependsOn(one).includes(name)) }))
    .filter(({ dependents }) => dependents.length >= MIN_DEPENDENTS)
    .sort((a, b) => b.dependents.length - a.dependents.length || a.name.localeCompare(b.name))
    .slice(0, MAX_ASKED);
  const asked = await Promise.all(
    shared.map(async ({ name, dependents }) => {
      const answer = await inquiry.ask(LogsAnswer, "read_logs", { service: name, ...inquiry.window });
      const [pattern] = worstPatterns(answer?.patterns, seen.began, seen.page);
      return answer && pattern ? { answer, ground: { name, dependents, pattern } satisfies Ground } : undefined;
    }),
  );
  const [found] = asked.filter((one) => one !== undefined);
  if (!found) return seen;
  return { ...seen, ground: found.ground, logs: new Map([...seen.logs, [found.answer.service, found.answer]]) };
}

/** Who is in trouble by its own figures, or by how its caller names it. */
function troubledOf(seen: Seen, suspects: readonly RankedSuspect[]): string[] {
  const byFigures = suspects.filter(({ metrics }) => metrics?.signals.some(isFelt)).map(({ name }) => name);
  const turned = suspects.filter(({ onset, log }) => onset !== null && log?.level === "error").map(({ name }) => name);
  const blamed = seen.blames
    .filter(({ says, standing }) => says !== "refused" && standing !== "well")
    .flatMap(({ caller, callee }) => [caller, callee]);
  return [...new Set([...byFigures, ...turned, ...blamed])];
}
