import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

export const REPLAYS_FILE = join(import.meta.dirname, "replays.json");

const Replay = z.strictObject({ works: z.boolean(), why: z.string() });

/** What the lab found when it merged a change, by recording and by the change's fingerprint. */
const Replays = z.record(z.string(), z.record(z.string(), Replay));
export type Replays = z.infer<typeof Replays>;

/** The same for the same change, however git abbreviates the ids in it. */
export function fingerprintOf(diff: string): string {
  const lines = diff.split("\n").filter((line) => !line.startsWith("index "));
  return createHash("sha256").update(lines.join("\n").trim()).digest("hex").slice(0, 16);
}

/** Whether a change that a report proposes worked when it was replayed; null when nobody tried. */
export function worked(replays: Replays, recording: string, diff: string): boolean | null {
  return replays[recording]?.[fingerprintOf(diff)]?.works ?? null;
}

export async function readReplays(file: string = REPLAYS_FILE): Promise<Replays> {
  return Replays.parse(JSON.parse(await readFile(file, "utf8")));
}

export interface Replayed {
  readonly recording: string;
  readonly diff: string;
  readonly works: boolean;
  readonly why: string;
}

export async function keepReplay(
  { recording, diff, works, why }: Replayed,
  file: string = REPLAYS_FILE,
): Promise<void> {
  const replays = await readReplays(file);
  const known = { ...replays[recording], [fingerprintOf(diff)]: { works, why } };
  const sorted = Object.entries({ ...replays, [recording]: known }).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}
