import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** A change to one file: a stretch of text replaced, or a whole file added. */
export type Edit =
  | { readonly path: string; readonly find: string; readonly replace: string }
  | { readonly path: string; readonly add: string };

/** What a commit says and does. */
export interface Change {
  readonly author: "ada" | "bruno" | "chidi" | "dana" | "emre" | "farah" | "goran" | "hana" | "ines";
  readonly message: string;
  readonly edits: readonly Edit[];
  /** Merged from a branch of this name by a pull request, rather than squashed. */
  readonly branch?: string;
}

export async function applyEdits(root: string, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) {
    const file = path.join(root, edit.path);
    if ("add" in edit) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, edit.add);
    } else {
      await writeFile(file, replaceOnce(await readFile(file, "utf8"), edit.find, edit.replace, edit.path));
    }
  }
}

/** Takes edits back, last first: how the monorepo's past is told from its present. */
export async function undoEdits(root: string, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits.toReversed()) {
    const file = path.join(root, edit.path);
    if ("add" in edit) await rm(file);
    else await writeFile(file, replaceOnce(await readFile(file, "utf8"), edit.replace, edit.find, edit.path));
  }
}

function replaceOnce(text: string, find: string, replace: string, where: string): string {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${where}: the text to replace occurs ${parts.length - 1} times: ${find}`);
  return parts.join(replace);
}
