import { isGuess } from "../change/usual.ts";
import type { Suspect } from "../ranking/rank.ts";
import { counted } from "./describe.ts";
import { factor, formatValue, shortInstant } from "./figures.ts";

/** Why a service stands where it stands, in a few words made from what was measured. */
export function whyOf(suspect: Suspect): string {
  const { main, explainedBy, carriedBy, signals } = suspect;
  if (!main) return "nothing unusual";
  const parts: string[] = [];
  if (suspect.recoveredAt !== null) parts.push(`over since ${shortInstant(suspect.recoveredAt)}`);
  if (main.status === "stopped") parts.push(`${main.signal} stopped`);
  else {
    const { signal, value, usual } = main;
    const only = main.meaning.role === "load" ? "only its traffic changed: " : "";
    parts.push(`${only}${signal} ${main.change} ${factor(value, usual.median) ?? `to ${formatValue(signal, value)}`}`);
    if (signals.find(({ change }) => change === main)?.byTraffic) parts.push("in proportion to its traffic");
    if (isGuess(usual)) parts.push(`weak, by only ${counted(usual.samples)}`);
    if (!main.seenTurning) parts.push("was so when samples began");
    if (main.climbs) parts.push("steadily");
  }
  if (explainedBy) parts.push(`${explainedBy}, which it calls, turned no later`);
  if (carriedBy) parts.push(`its caller ${carriedBy} followed`);
  return parts.join("; ");
}
