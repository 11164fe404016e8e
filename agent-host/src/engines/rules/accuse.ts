import type { Trial } from "../../trial/trial.ts";
import type { Investigation } from "../engine.ts";
import { tellFamily } from "./families.ts";
import type { RankedSuspect } from "./rank.ts";
import type { Seen } from "./seen.ts";
import { ownTroubleOf, type Reading, settle } from "./settle.ts";

/**
 * Names a culprit and puts its commits on trial. Where the trouble has words of a commit of another suspect, such as a caller that
 * gives up too soon on the one that looks worst, that one is the culprit. What several of them stand on is the culprit unless a
 * commit has a witness of its own. Where nobody stands out, the trial tells whether the one that alerted broke itself.
 */
export async function accuse(
  investigation: Investigation,
  seen: Seen,
  suspects: readonly RankedSuspect[],
): Promise<Reading> {
  const named = settle(seen, suspects);
  if (named.kind === "no_fault" || named.kind === "recovered") return named;
  const ground = suspects.find(({ name }) => name === seen.ground?.name);
  const alerting = suspects.find(({ name }) => name === seen.service);
  if (named.kind === "unknown" && !(alerting && (ground || ownTroubleOf(seen)))) return named;
  const leading = named.kind === "culprit" ? named.suspect : alerting;
  if (!leading) return { kind: "unknown", why: `${seen.service} is no suspect` };
  const trial = await investigation.trial(leading.name);
  if (ground && trial?.guilty?.by !== "own_witness") {
    return reading(ground, seen, await investigation.trial(ground.name));
  }
  if (named.kind === "unknown") return trial?.guilty ? reading(leading, seen, trial) : named;
  const other = suspects.find(({ name }) => name === trial?.guilty?.service);
  if (!other || other.name === leading.name) return reading(leading, seen, trial);
  return reading(other, seen, await investigation.trial(other.name));
}

/** The suspects with the one that is accused first, whatever made it so. */
export function accusedFirst(suspects: readonly RankedSuspect[], accused: Reading): RankedSuspect[] {
  const [first] = suspects;
  if (accused.kind !== "culprit" || !first || first.name === accused.suspect.name) return [...suspects];
  const others = suspects.filter(({ name }) => name !== accused.suspect.name);
  return [{ ...accused.suspect, score: first.score }, ...others];
}

const reading = (suspect: RankedSuspect, seen: Seen, trial: Trial | undefined): Reading => ({
  kind: "culprit",
  suspect,
  trial,
  told: tellFamily(suspect, seen, trial),
});
