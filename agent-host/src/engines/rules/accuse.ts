import type { Trial } from "../../trial/trial.ts";
import type { Investigation } from "../engine.ts";
import { tellFamily } from "./families.ts";
import type { RankedSuspect } from "./rank.ts";
import type { Seen } from "./seen.ts";
import { type Reading, settle } from "./settle.ts";

/**
 * Names a culprit and puts its commits on trial. Where the trouble has words of a commit of another suspect, such as a caller that
 * gives up too soon on the one that looks worst, that one is the culprit.
 */
export async function accuse(
  investigation: Investigation,
  seen: Seen,
  suspects: readonly RankedSuspect[],
): Promise<Reading> {
  const named = settle(seen, suspects);
  if (named.kind !== "culprit") return named;
  const trial = await investigation.trial(named.suspect.name);
  const other = suspects.find(({ name }) => name === trial?.guilty?.service);
  if (!other || other.name === named.suspect.name) return reading(named.suspect, seen, trial);
  return reading(other, seen, await investigation.trial(other.name));
}

const reading = (suspect: RankedSuspect, seen: Seen, trial: Trial | undefined): Reading => ({
  kind: "culprit",
  suspect,
  trial,
  told: tellFamily(suspect, seen, trial),
});
