import { escapePattern } from "@oncall-copilot/core";
import { accessSign } from "./access.ts";

/**
 * What a caller's log line says of the one that it called:
 *
 * - `refused`: the caller may not, or what it asks with is not accepted. That is about the caller.
 * - `answered`: it was answered with an error, or nobody was there.
 * - `waited`: it gave up waiting, which tells of its own patience as much as of the other.
 * - `named`: it is named, and nothing else is told.
 */
export type BlameSign = "refused" | "answered" | "waited" | "named";

interface NamedIn {
  readonly name: string;
  readonly says: BlameSign;
}

const WAITED = /\btim(?:ed|e)[ -]?out\b|\btimeout\b|\bdeadline exceeded\b|\bDEADLINE_EXCEEDED\b|\bETIMEDOUT\b/i;
const ANSWERED =
  /\b(?:answered|responded|returned|status(?: code)?|HTTP)\b[^\n]{0,20}\b5\d\d\b|\bUNAVAILABLE\b|\bECONN(?:REFUSED|RESET)\b|\bENOTFOUND\b|\bEHOSTUNREACH\b|\bconnection (?:was )?(?:refused|reset|closed)\b|\bno such host\b|\bservice unavailable\b|\bbad gateway\b|\binternal (?:server )?error\b|\bsocket hang up\b/i;
const REFUSED = /\b(?:answered|responded|returned|status(?: code)?|HTTP)\b[^\n]{0,20}\b40[13]\b/i;

/** Where a line speaks of `name` as of something called, and not as a part of a path or of a longer name. */
function placeOf(name: string, message: string): number {
  const match = new RegExp(`(?<![\\w.-])(?<!(?<!/)/)${escapePattern(name)}(?![\\w-])`, "i").exec(message);
  return match ? match.index : -1;
}

/**
 * The first of `callees` that a line names, and what the line says of it. What stands in brackets after it is what the callee in turn
 * said, so it counts only when it names nobody further down.
 */
export function namedIn(message: string, callees: readonly string[], below: (name: string) => readonly string[]) {
  const [first] = callees
    .flatMap((name) => {
      const at = placeOf(name, message);
      return at < 0 ? [] : [{ name, at }];
    })
    .sort((a, b) => a.at - b.at || b.name.length - a.name.length);
  if (!first) return undefined;
  const rest = message.slice(first.at + first.name.length);
  const passedOn = below(first.name).some((name) => placeOf(name, rest) >= 0);
  const said = passedOn ? (rest.split("(", 1)[0] ?? "") : rest;
  const refused = (!passedOn && accessSign(message) !== undefined) || REFUSED.test(said);
  const says: BlameSign = refused
    ? "refused"
    : WAITED.test(said)
      ? "waited"
      : ANSWERED.test(said)
        ? "answered"
        : "named";
  return { name: first.name, says } satisfies NamedIn;
}
