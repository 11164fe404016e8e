import { editDistance } from "../../catalog/nearest.ts";
import type { Finding } from "../doctor/finding.ts";

/** Most slips of the hand in a name that is still taken for another. */
const MAX_SLIPS = 2;
const SUFFIX = "_FILE";

/** A variable that is set and that nothing reads, with the name that was likely meant. */
export interface UnknownVariable {
  readonly name: string;
  readonly meant: string | undefined;
}

/**
 * Variables of a server's own kind that it does not know: a typo would else be silent. Servers share one environment, and none
 * knows the others' names. So only a name counts that begins as this server's do (`ONCALL_LOGS_`), or that is a slip or two away
 * from one of its names, with or without that beginning. An empty one counts as not set.
 */
export function unknownVariables(server: string, known: readonly string[], env: NodeJS.ProcessEnv): UnknownVariable[] {
  const prefix = `ONCALL_${server.replace(/^oncall-/, "").toUpperCase()}_`;
  return namesNotIn(known, env).flatMap((name) => {
    const near = nearestVariable(name, known, prefix);
    const isOwn = name.startsWith(prefix) || (near !== undefined && near.slips <= MAX_SLIPS);
    return isOwn ? [{ name, meant: near?.name }] : [];
  });
}

/** Names of our kind that are set and not known. `NAME_FILE` stands in for any `NAME`. */
export const namesNotIn = (known: readonly string[], env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter(
    (name) => name.startsWith("ONCALL_") && env[name] && !known.includes(name) && !known.includes(bare(name)),
  );

const bare = (name: string): string => (name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name);

/** The known name that a wrong one is likely meant to be. What is short must be nearer. */
export function nearestVariable(
  name: string,
  known: readonly string[],
  prefix: string,
): { readonly name: string; readonly slips: number } | undefined {
  const rest = (text: string) =>
    bare(text)
      .replace(prefix, "")
      .replace(/^ONCALL_/, "");
  const typed = rest(name);
  const [best] = known
    .map((candidate) => ({
      name: name.endsWith(SUFFIX) && !candidate.endsWith(SUFFIX) ? `${candidate}${SUFFIX}` : candidate,
      slips: Math.min(editDistance(typed, rest(candidate)), editDistance(bare(name), bare(candidate))),
    }))
    .sort((a, b) => a.slips - b.slips);
  return best && best.slips <= Math.max(1, Math.floor(typed.length / 4)) ? best : undefined;
}

/** What a check-up and a start say of it. */
export const unknownFinding = (backend: string, { name, meant }: UnknownVariable): Finding => ({
  ...{ backend, check: "configured", status: "warning" },
  message: `${name} is set, and nothing reads a variable of that name`,
  cure: meant ? `did you mean ${meant}?` : "unset it, or look up the right name in the server's README",
});
