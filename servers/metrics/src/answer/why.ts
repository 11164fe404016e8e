import type { Suspect } from "../ranking/rank.ts";
import { factor, formatValue } from "./figures.ts";

/** Why a service stands where it stands, in a few words made from the figures. */
export function whyOf(suspect: Suspect): string {
  const { main } = suspect;
  if (!main) return "nothing unusual";
  const parts: string[] = [];
  if (main.status === "stopped") parts.push(`${main.signal} stopped reporting`);
  else {
    const times = factor(main.value, main.usual.median);
    parts.push(`${main.signal} ${times ?? formatValue(main.signal, main.value)}`);
  }
  if (suspect.explainedBy) parts.push(`explained by ${suspect.explainedBy} below, which turned no later`);
  return parts.join("; ");
}
