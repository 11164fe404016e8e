import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { isMarkdown, MAX_PAGES } from "./page.ts";

/** A Markdown file, and whether it has changed since it was last looked at. */
export interface Found {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly file: string;
  readonly bytes: number;
  /** The same text means the same content, as far as a file system tells. */
  readonly state: string;
}

/** Files looked at a time. */
const AT_ONCE = 64;

/**
 * The Markdown files below a folder, by path. Hidden ones are left out (`.git`, what Kubernetes keeps beside a mounted
 * ConfigMap), and so is whatever a link leads to outside of the folder. Links to folders are not followed.
 */
export async function markdownFiles(folder: string, signal?: AbortSignal): Promise<Found[]> {
  const root = await realpath(folder);
  const paths: string[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    signal?.throwIfAborted();
    for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if ((entry.isFile() || entry.isSymbolicLink()) && isMarkdown(path)) paths.push(path);
    }
  }
  paths.sort();
  const found: Found[] = [];
  for (let from = 0; from < Math.min(paths.length, MAX_PAGES); from += AT_ONCE) {
    signal?.throwIfAborted();
    const some = paths.slice(from, Math.min(from + AT_ONCE, MAX_PAGES));
    for (const one of await Promise.all(some.map((path) => lookAt(root, path)))) if (one) found.push(one);
  }
  return found;
}

/** Undefined for what is no file, leads out of the folder, or is gone meanwhile. */
async function lookAt(root: string, path: string): Promise<Found | undefined> {
  try {
    const file = await realpath(join(root, path));
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    const found = await stat(file);
    if (!found.isFile()) return undefined;
    const { size, mtimeMs, ctimeMs, ino } = found;
    return { path, file, bytes: size, state: `${ino} ${size} ${mtimeMs} ${ctimeMs}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
