import type { FileChange, FileVersion } from "../store.ts";

/** A change as people read it, and how large it is. */
export interface ChangeDiff {
  /** Unified, as `git apply` takes it. */
  readonly text: string;
  readonly perFile: readonly { readonly path: string; readonly added: readonly string[]; readonly removed: number }[];
}

/** Quoted as git does when a name has characters that could break a header line. */
const quoted = (name: string) => (/["\\]/.test(name) ? JSON.stringify(name) : name);

/** The unified diff of text files. Loads the differ on first use. */
export async function diffOf(files: readonly FileChange[]): Promise<ChangeDiff> {
  const { structuredPatch } = await import("diff");
  const text: string[] = [];
  const perFile = [...files].sort(byPath).map(({ path, before, after }) => {
    const patch = structuredPatch(path, path, textOf(before), textOf(after), "", "", { context: 3 });
    text.push(...header(path, before, after));
    for (const { oldStart, oldLines, newStart, newLines, lines } of patch.hunks) {
      text.push(`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines);
    }
    const lines = patch.hunks.flatMap((hunk) => hunk.lines);
    const added = lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
    return { path, added, removed: lines.filter((line) => line.startsWith("-")).length };
  });
  return { text: `${text.join("\n")}\n`, perFile };
}

const textOf = (version: FileVersion | undefined) => version?.content.toString("utf8") ?? "";
const byPath = (a: FileChange, b: FileChange) => (a.path < b.path ? -1 : 1);

/** An empty side starts at line 0. */
const range = (start: number, count: number) =>
  count === 1 ? `${start}` : `${count === 0 ? Math.max(0, start - 1) : start},${count}`;

function header(path: string, before: FileVersion | undefined, after: FileVersion | undefined): string[] {
  const [from, to] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  const modes =
    before && after && before.mode !== after.mode
      ? [`old mode ${before.mode}`, `new mode ${after.mode}`]
      : [...(before ? [] : [`new file mode ${after?.mode}`]), ...(after ? [] : [`deleted file mode ${before?.mode}`])];
  const changed = before?.content.equals(after?.content ?? Buffer.alloc(0)) && after;
  const names = changed ? [] : [`--- ${before ? from : "/dev/null"}`, `+++ ${after ? to : "/dev/null"}`];
  return [`diff --git ${from} ${to}`, ...modes, ...names];
}
