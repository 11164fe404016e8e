import type { ProposedFix } from "@oncall-copilot/core";
import type { Change } from "../../../tools/answers.ts";
import { readWhole } from "../files.ts";
import type { Inquiry } from "../inquiry.ts";
import { editOf, occursOnce } from "./edit.ts";

/** One place of a diff: the lines before and after, with what stands around them. */
interface Hunk {
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Reads the unified diff below a commit's message, as `read_changes` shows it. */
function hunksOf({ evidence }: Change): Hunk[] {
  const hunks: { path: string; lines: string[] }[] = [];
  let path: string | undefined;
  for (const line of evidence.text.split("\n")) {
    if (line.startsWith("+++ b/")) path = line.slice("+++ b/".length);
    else if (line.startsWith("@@ ") && path !== undefined) hunks.push({ path, lines: [] });
    else if (/^[ +-]/.test(line) && path !== undefined) hunks.at(-1)?.lines.push(line);
  }
  const texts = (lines: readonly string[], signs: string) =>
    lines.filter((line) => signs.includes(line.slice(0, 1))).map((line) => line.slice(1));
  return hunks.map(({ path: file, lines }) => ({
    path: file,
    before: texts(lines, " -"),
    after: texts(lines, " +"),
    added: texts(lines, "+"),
    removed: texts(lines, "-"),
  }));
}

/** The changes of the same files after `culprit` that changed lines which it had brought: without them it cannot be reverted. */
export function builtUpon(culprit: Change, later: readonly Change[]): Change[] {
  const brought = new Set(hunksOf(culprit).flatMap(({ added }) => added.filter((line) => line.trim().length > 8)));
  return later.filter((change) => hunksOf(change).some(({ removed }) => removed.some((line) => brought.has(line))));
}

/**
 * The edits that take back `culprit` together with what was built upon it, the latest first; undefined when a place is not found
 * exactly as the diffs have it, since then nobody but a person can tell.
 */
export async function takeBack(
  inquiry: Inquiry,
  service: string,
  latestFirst: readonly Change[],
): Promise<ProposedFix["edits"] | undefined> {
  const hunks = latestFirst.flatMap(hunksOf);
  const edits: ProposedFix["edits"] = [];
  for (const path of new Set(hunks.map((hunk) => hunk.path))) {
    const file = await readWhole(inquiry, service, path);
    if (!file) return undefined;
    let text = file.text;
    for (const { before, after } of hunks.filter((hunk) => hunk.path === path)) {
      const [is, was] = [after.join("\n"), before.join("\n")];
      if (!occursOnce(text, is)) return undefined;
      text = text.replace(is, () => was);
    }
    const edit = editOf(file, text);
    if (!edit) return undefined;
    edits.push(edit);
  }
  return edits.length > 0 ? edits : undefined;
}
