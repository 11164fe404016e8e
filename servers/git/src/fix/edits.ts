import { shownPath } from "../paths/shown-path.ts";
import type { FileChange, FileVersion } from "../store.ts";
import { refusal } from "./refuse.ts";
import { isBinary, nearestPaths, type Reverting } from "./revert.ts";

export interface ExactEdit {
  readonly path: string;
  readonly old_text: string;
  readonly new_text: string;
}

/** Replaces text that occurs exactly once, byte for byte. Several edits of one file are made in their order. */
export async function applyEdits(edits: readonly ExactEdit[], options: Reverting): Promise<FileChange[]> {
  const { repository, base, signal } = options;
  const files = new Map<string, { before: FileVersion; text: string }>();
  for (const edit of edits) {
    const file = files.get(edit.path) ?? (await readText(edit.path, options));
    files.set(edit.path, { ...file, text: replaceOnce(file.text, edit) });
  }
  const changes = [...files].map(([path, { before, text }]): FileChange => {
    return { path, before, after: { mode: before.mode, content: Buffer.from(text, "utf8") } };
  });
  const real = changes.filter(({ before, after }) => !before || !after || !before.content.equals(after.content));
  if (real.length === 0) throw refusal("changes_nothing", "the edits leave every file as it is");
  return real;

  async function readText(path: string, { repository: from }: Reverting) {
    const before = await from.file(path, base, signal);
    if (!before) {
      const near = nearestPaths(path, (await repository.paths(base, signal)).items);
      throw refusal("text_not_found", `${shownPath(path)} does not exist in ${repository.branch}`, near.map(shownPath));
    }
    if (!before.mode.startsWith("100")) {
      throw refusal("not_a_plain_file", `${shownPath(path)} is a symbolic link or submodule`);
    }
    const text = before.content.toString("utf8");
    if (isBinary(before.content) || !Buffer.from(text, "utf8").equals(before.content)) {
      throw refusal("not_a_plain_file", `${shownPath(path)} is not a UTF-8 text file`);
    }
    return { before, text };
  }
}

function replaceOnce(text: string, { path, old_text, new_text }: ExactEdit): string {
  if (old_text === "") throw refusal("text_not_found", `old_text for ${shownPath(path)} is empty`);
  const found: number[] = [];
  for (let at = text.indexOf(old_text); at >= 0 && found.length < 20; at = text.indexOf(old_text, at + 1))
    found.push(at);
  const [only] = found;
  if (only === undefined) {
    throw refusal("text_not_found", `old_text does not occur in ${shownPath(path)}`, [
      `read_file of ${shownPath(path)}, and old_text byte for byte as it stands there`,
    ]);
  }
  if (found.length > 1) {
    const lines = found.map((at) => text.slice(0, at).split("\n").length);
    throw refusal(
      "text_not_found",
      `old_text occurs ${found.length === 20 ? "20 or more" : found.length} times in ${shownPath(path)}, on lines ${lines.join(", ")}; it must occur once`,
      ["a longer old_text with the lines around it"],
    );
  }
  return text.slice(0, only) + new_text + text.slice(only + old_text.length);
}
