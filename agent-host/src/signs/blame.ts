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
/** Errors of HTTP clients by their names. A pool's timeout is about one's own connections. */
const WAITED_BY_NAME = /\b(?:Read|Connect|Socket|Request|Response|Http)(?:ion)?Time(?:d)?out(?:Error|Exception)?\b/;
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
  const before = message.slice(0, first.at);
  const rest = message.slice(first.at + first.name.length);
  const passedOn = below(first.name).some((name) => placeOf(name, rest) >= 0);
  const said = passedOn ? (rest.split("(", 1)[0] ?? "") : rest;
  const refused = (!passedOn && accessSign(message) !== undefined) || REFUSED.test(said);
  // The kind of error may stand before the name, as in `ReadTimeout: http://cart:8080`.
  const says: BlameSign = refused ? "refused" : (signIn(said) ?? (WAITED_BY_NAME.test(before) ? "waited" : "named"));
  return { name: first.name, says } satisfies NamedIn;
}

const signIn = (words: string): BlameSign | undefined =>
  WAITED.test(words) ? "waited" : ANSWERED.test(words) ? "answered" : undefined;

/** More lines than this of an event are its stack. */
const MAX_LINES = 40;

/** The lines of a log event that are none of its stack. */
export const ownLines = (event: string): string[] =>
  event.split("\n", MAX_LINES).filter((line, index) => index === 0 || /^\S/.test(line));

/**
 * The first line of a log event that names one of `callees`. Frameworks write that something was thrown, and what it says on a line of
 * its own below; frames and source lines are indented in every runtime, and name no peer.
 */
export function namedInEvent(event: string, callees: readonly string[], below: (name: string) => readonly string[]) {
  const lines = ownLines(event);
  for (const line of lines) {
    const named = namedIn(line, callees, below);
    if (named) return { ...named, line };
  }
  const short = shortNamesOf(callees);
  for (const line of lines) {
    const named = namedIn(line, [...short.keys()], () => []);
    const name = named && short.get(named.name);
    if (name !== undefined && (named?.says === "answered" || named?.says === "waited")) {
      return { name, says: named.says, line };
    }
  }
  return undefined;
}

/** A shorter word is likely to mean something else. */
const MIN_SHORT = 5;

/** What clients may call a callee: the first part of its name, `acme` for `acme-pay`, where no other callee's begins with it. */
function shortNamesOf(callees: readonly string[]): ReadonlyMap<string, string> {
  const first = (name: string) => name.split("-", 1)[0] ?? "";
  const alone = callees.filter((name) => callees.filter((other) => first(other) === first(name)).length === 1);
  return new Map(
    alone.flatMap((name): [string, string][] =>
      first(name) !== name && first(name).length >= MIN_SHORT ? [[first(name), name]] : [],
    ),
  );
}
