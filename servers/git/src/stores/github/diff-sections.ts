import { CouldNotLook } from "@oncall-copilot/core";
import type { ChangedFile } from "../../store.ts";

/** Lines that one edit takes out and puts in, without any around them. Counted from 1; `count` 0 is a place between lines. */
export interface LineEdit {
  readonly before: { readonly first: number; readonly count: number };
  readonly after: { readonly first: number; readonly count: number };
}

/** What a unified diff says of one file. */
export interface DiffSection {
  /** Undefined for a file that is new. */
  readonly before: string | undefined;
  /** Undefined for a file that is gone. */
  readonly after: string | undefined;
  /** After the change, `000000` when it is gone; undefined when the diff does not say. */
  readonly mode: string | undefined;
  readonly binary: boolean;
  readonly added: number;
  readonly removed: number;
  readonly edits: readonly LineEdit[];
  /** As it stands in the diff, `diff --git` first. */
  readonly lines: readonly string[];
}

const COUNTS = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Takes git's diff apart by file. Hunks are counted, so a changed line that looks like a header is none. */
export function sectionsOf(diff: string): DiffSection[] {
  const lines = diff.replace(/\n$/, "").split("\n");
  const sections: DiffSection[] = [];
  let index = lines.findIndex((line) => line.startsWith("diff --git "));
  while (index >= 0 && index < lines.length) {
    const { section, end } = readSection(lines, index);
    sections.push(section);
    index = end;
  }
  return sections;
}

function readSection(lines: readonly string[], start: number): { section: DiffSection; end: number } {
  const headers: string[] = [];
  const edits: LineEdit[] = [];
  let index = start + 1;
  for (let line = lines[index]; line !== undefined && !line.startsWith("diff --git "); line = lines[index]) {
    const counts = COUNTS.exec(line);
    if (!counts) {
      headers.push(line);
      index++;
      continue;
    }
    const hunk = readHunk(lines, index + 1, counts);
    edits.push(...hunk.edits);
    index = hunk.end;
  }
  const value = (mark: string) => headers.find((line) => line.startsWith(mark))?.slice(mark.length);
  const [from, to] = namesOf(lines[start] ?? "", value);
  const gone = value("deleted file mode ") !== undefined;
  const fresh = value("new file mode ");
  const total = (side: "before" | "after") => edits.reduce((sum, edit) => sum + edit[side].count, 0);
  const section = {
    before: fresh === undefined ? from : undefined,
    after: gone ? undefined : to,
    mode: gone ? "000000" : (fresh ?? value("new mode ") ?? /^\S+ (\d{6})$/.exec(value("index ") ?? "")?.[1]),
    binary: headers.some((line) => line.startsWith("Binary files ") || line === "GIT binary patch"),
    ...{ added: total("after"), removed: total("before"), edits, lines: lines.slice(start, index) },
  };
  return { section, end: index };
}

function readHunk(lines: readonly string[], start: number, counts: RegExpExecArray) {
  const [old, now] = [Number(counts[2] ?? 1), Number(counts[4] ?? 1)];
  let [before, after, index] = [
    Number(counts[1]) + (old === 0 ? 1 : 0),
    Number(counts[3]) + (now === 0 ? 1 : 0),
    start,
  ];
  const [endBefore, endAfter] = [before + old, after + now];
  const edits: LineEdit[] = [];
  let edit: { before: number; after: number } | undefined;
  const close = () => {
    if (!edit) return;
    edits.push({
      before: { first: edit.before, count: before - edit.before },
      after: { first: edit.after, count: after - edit.after },
    });
    edit = undefined;
  };
  for (; index < lines.length; index++) {
    const mark = lines[index]?.[0];
    if (mark === "\\") continue; // "\ No newline at end of file"
    if (before >= endBefore && after >= endAfter) break;
    if (mark === "-" || mark === "+") {
      edit ??= { before, after };
      if (mark === "-") before++;
      else after++;
    } else {
      close();
      before++;
      after++;
    }
  }
  close();
  return { edits, end: index };
}

/** Both names of the file. Where the headers name none (a mode alone, a binary or empty file), the first line has it twice. */
function namesOf(first: string, value: (mark: string) => string | undefined): [string, string] {
  const renamed = [value("rename from ") ?? value("copy from "), value("rename to ") ?? value("copy to ")];
  if (renamed[0] !== undefined && renamed[1] !== undefined) return [unquoted(renamed[0]), unquoted(renamed[1])];
  const [from, to] = [value("--- "), value("+++ ")].map((name) =>
    name === undefined || name === "/dev/null" ? undefined : unquoted(name.replace(/\t$/, "")).slice(2),
  );
  const one = from ?? to;
  if (one !== undefined) return [from ?? one, to ?? one];
  const both = first.slice("diff --git ".length);
  if (both.startsWith('"')) {
    const name = unquoted(/^"(?:[^"\\]|\\.)*"/.exec(both)?.[0] ?? both).slice(2);
    return [name, name];
  }
  const name = both.slice(2, (both.length - 1) / 2);
  return [name, name];
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A name that git has quoted as C does, with bytes in octal; UTF-8. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  for (const [token] of name.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]+/gs)) {
    if (!token.startsWith("\\")) bytes.push(...Buffer.from(token, "utf8"));
    else if (token.length === 4) bytes.push(Number.parseInt(token.slice(1), 8));
    else bytes.push(ESCAPES[token[1] ?? ""] ?? token.charCodeAt(1));
  }
  return Buffer.from(bytes).toString("utf8");
}

/** Most renamed files of one commit whose lines are counted: each costs requests. */
const MAX_COUNTED = 20;

/**
 * The files as `git log --raw --numstat --no-renames` lists them. A rename is a deletion and an addition of whole files, whose
 * lines only the file itself tells: `linesOf` gives them for a name after the change. Lines that it cannot give are null, as a binary file's are.
 */
export async function changedFiles(
  sections: readonly DiffSection[],
  linesOf: (path: string) => Promise<number | null>,
): Promise<ChangedFile[]> {
  const counted = await countedLines(sections, linesOf);
  const files: ChangedFile[] = [];
  for (const section of sections) {
    const { before, after, binary } = section;
    const counts = { added: binary ? null : section.added, removed: binary ? null : section.removed };
    if (before !== undefined && after !== undefined && before !== after) {
      const now = counted.get(after) ?? null;
      const was = now === null ? null : now - section.added + section.removed;
      if (!section.lines.some((line) => line.startsWith("copy from "))) {
        files.push({ path: before, status: "D", mode: "000000", added: now === null ? null : 0, removed: was });
      }
      files.push({
        path: after,
        status: "A",
        mode: section.mode ?? "100644",
        added: now,
        removed: now === null ? null : 0,
      });
      continue;
    }
    const path = after ?? before ?? "";
    const gone = files.findIndex((file) => file.path === path && file.status === "D");
    const other = files[gone];
    if (before === undefined && other) {
      // A file that became a link or a module: the diff takes the one away and adds the other.
      files[gone] = { ...other, status: "T", mode: section.mode ?? "100644", added: counts.added };
      continue;
    }
    const status = before === undefined ? "A" : after === undefined ? "D" : "M";
    files.push({ path, status, mode: section.mode ?? "100644", ...counts });
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

async function countedLines(
  sections: readonly DiffSection[],
  linesOf: (path: string) => Promise<number | null>,
): Promise<ReadonlyMap<string, number | null>> {
  const renamed = sections.flatMap(({ before, after }) =>
    before !== undefined && after !== undefined && before !== after ? [after] : [],
  );
  const count = async (path: string): Promise<[string, number | null]> => {
    try {
      return [path, await linesOf(path)];
    } catch (error) {
      if (!(error instanceof CouldNotLook)) throw error;
      return [path, null];
    }
  };
  // The first goes alone: it finds the folders that the rest mostly share, which would else be asked for by each.
  const [first, ...rest] = renamed.slice(0, MAX_COUNTED);
  if (first === undefined) return new Map();
  return new Map([await count(first), ...(await Promise.all(rest.map(count)))]);
}
