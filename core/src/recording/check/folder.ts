import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { nearest } from "../../catalog/nearest.ts";
import { RECORDING_PARTS } from "../recording.ts";
import { FileProblems, type RecordingProblem } from "./problems.ts";

/** Above this a recording is too much for a repository, in bytes. */
export const LARGE_RECORDING_BYTES = 2 * 1024 * 1024;

/** Files that no server opens. */
const FOR_PEOPLE = ["expected.yaml", "NOTES.md"] as const;

/** What is in the folder at all: misspelt names, which would be missing without a word, and the whole size. */
export async function checkFolder(dir: string): Promise<RecordingProblem[]> {
  const known: readonly string[] = [...Object.values(RECORDING_PARTS), ...FOR_PEOPLE];
  const found: RecordingProblem[] = [];
  for (const name of (await readdir(dir)).sort()) {
    if (known.includes(name) || name.startsWith(".")) continue;
    const problems = new FileProblems(name);
    const [near] = nearest(name, known, 1);
    problems.warning(`is no part of a recording and is not read${near ? `; did you mean ${near}?` : ""}`);
    found.push(...problems.list());
  }
  const bytes = await sizeOf(dir);
  if (bytes > LARGE_RECORDING_BYTES) {
    const megabytes = (bytes / 1024 / 1024).toFixed(1);
    const problems = new FileProblems(".");
    problems.warning(`the recording has ${megabytes} MB; keep one that is to be committed below 2 MB`);
    found.push(...problems.list());
  }
  return found;
}

async function sizeOf(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0, // gone since it was listed
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
