import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { incidentFromPayload } from "@oncall-copilot/core";

/** A moment after the alert at which a report is asked for. */
export interface Moment {
  /** As tables and the command line name it. */
  readonly name: string;
  /** Milliseconds after the alert. */
  readonly after: number;
}

/** A webhook gives an engine four seconds to ten; a second look comes within the minute; the rest is hindsight. */
export const MOMENTS: readonly Moment[] = [
  { name: "10s", after: 10_000 },
  { name: "60s", after: 60_000 },
  { name: "5m", after: 300_000 },
];

/** The moment that a recording stands for when none is asked for: figures of one moment alone are of this one. */
export const LAST_MOMENT: Moment = MOMENTS.at(-1) ?? { name: "5m", after: 300_000 };

/** Reads `10s,5m`. Throws with the moments there are. */
export function readMoments(text: string): Moment[] {
  return text.split(",").map((word) => {
    const found = MOMENTS.find(({ name }) => name === word.trim());
    if (!found) throw new Error(`--at takes ${MOMENTS.map(({ name }) => name).join(", ")}, not "${word}"`);
    return found;
  });
}

/** `--as-of` for a recording: so long after its alert. RFC 3339. */
export async function asOf(recording: string, { after }: Moment): Promise<string> {
  return new Date((await alertAt(recording)) + after).toISOString();
}

/** When the alert of a recording came, epoch milliseconds. */
export async function alertAt(recording: string): Promise<number> {
  const payload: unknown = JSON.parse(await readFile(join(recording, "alert.json"), "utf8"));
  return Date.parse(incidentFromPayload(payload).started_at);
}
