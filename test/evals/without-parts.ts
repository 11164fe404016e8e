import { mkdir, readdir, symlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/** What can be taken out of a recording to see what it brings, and the files that are then left out. */
const PARTS = {
  logs: ["logs.ndjson.gz"],
  metrics: ["metrics.csv.gz"],
  runbooks: ["runbooks"],
  history: ["history.ndjson.gz"],
  changes: ["repo.bundle", "deployments.ndjson"],
} as const;
export type RemovablePart = keyof typeof PARTS;

/** Reads `history,logs`. Throws with the parts there are. */
export function readParts(text: string): RemovablePart[] {
  return text.split(",").map((word) => {
    const part = word.trim();
    if (!Object.hasOwn(PARTS, part)) throw new Error(`--without takes ${Object.keys(PARTS).join(", ")}, not "${part}"`);
    return part as RemovablePart;
  });
}

/** The same recording, by its own name in a new folder below `work`, without some of its parts. */
export async function withoutParts(recording: string, parts: readonly RemovablePart[], work: string): Promise<string> {
  const left = new Set<string>(parts.flatMap((part) => PARTS[part]));
  const folder = join(work, "recording", basename(recording));
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(recording)) {
    if (!left.has(name)) await symlink(resolve(recording, name), join(folder, name));
  }
  return folder;
}
