import { type DiffSection, sectionsOf } from "./diff-sections.ts";

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/s;

/** What git shows behind `@@`: the last line before the hunk that begins like this, cut as git cuts it. */
const HEADING = /^[A-Za-z_$]/;
const MAX_HEADING_BYTES = 80;

interface Numbered {
  readonly text: string;
  readonly before: number;
  readonly after: number;
  readonly changed: boolean;
}

/**
 * A diff with so many lines around each change, out of one that has more of them, as git itself would have given it. With a path,
 * only the files there.
 */
export function narrowDiff(diff: string, contextLines: number, path: string | undefined): string {
  const sections = sectionsOf(diff).filter((section) => path === undefined || isWithin(section, path));
  const lines = sections.flatMap(({ lines }) => narrowSection(lines, contextLines));
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function isWithin({ before, after }: DiffSection, path: string): boolean {
  const wanted = path.replace(/\/+$/, "");
  return [before, after].some((name) => name === wanted || name?.startsWith(`${wanted}/`));
}

function narrowSection(lines: readonly string[], contextLines: number): string[] {
  const told: string[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    const head = HUNK.exec(line);
    if (!head) {
      told.push(line);
      index++;
      continue;
    }
    const { body, end } = bodyOf(lines, index + 1, head);
    told.push(...narrowHunk(body, contextLines, head[5] ?? ""));
    index = end;
  }
  return told;
}

/** The lines of a hunk with their numbers; a note on a missing line end belongs to the line before it. */
function bodyOf(lines: readonly string[], start: number, head: RegExpExecArray): { body: Numbered[]; end: number } {
  const [old, now] = [Number(head[2] ?? 1), Number(head[4] ?? 1)];
  let before = Number(head[1]) + (old === 0 ? 1 : 0);
  let after = Number(head[3]) + (now === 0 ? 1 : 0);
  const [endBefore, endAfter] = [before + old, after + now];
  const body: Numbered[] = [];
  let index = start;
  for (; index < lines.length; index++) {
    const text = lines[index] ?? "";
    const last = body.at(-1);
    if (text.startsWith("\\") && last) {
      body[body.length - 1] = { ...last, text: `${last.text}\n${text}` };
      continue;
    }
    if (before >= endBefore && after >= endAfter) break;
    const mark = text[0];
    body.push({ text, before, after, changed: mark === "+" || mark === "-" });
    if (mark !== "+") before++;
    if (mark !== "-") after++;
  }
  return { body, end: index };
}

function narrowHunk(body: readonly Numbered[], contextLines: number, heading: string): string[] {
  const kept = body.map((_, index) =>
    body.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({ changed }) => changed),
  );
  const told: string[] = [];
  for (let start = kept.indexOf(true); start >= 0; ) {
    let end = start;
    while (kept[end]) end++;
    told.push(...hunkOf(body.slice(start, end), headingAt(body.slice(0, start), heading)));
    start = kept.indexOf(true, end);
  }
  return told;
}

function headingAt(skipped: readonly Numbered[], heading: string): string {
  const line = skipped.findLast(({ text }) => !text.startsWith("+") && HEADING.test(text.slice(1)));
  if (!line) return heading;
  const text = line.text.split("\n", 1)[0]?.slice(1).trimEnd() ?? "";
  return Buffer.from(text, "utf8")
    .subarray(0, MAX_HEADING_BYTES)
    .toString("utf8")
    .replace(/\ufffd$/, "");
}

function hunkOf(lines: readonly Numbered[], heading: string): string[] {
  const [first] = lines;
  if (!first) return [];
  const count = (other: string) => lines.filter(({ text }) => !text.startsWith(other)).length;
  const [old, now] = [count("+"), count("-")];
  const range = (start: number, size: number) => {
    if (size === 1) return String(start);
    return `${size === 0 ? start - 1 : start},${size}`;
  };
  const head = `@@ -${range(first.before, old)} +${range(first.after, now)} @@${heading === "" ? "" : ` ${heading}`}`;
  return [head, ...lines.map(({ text }) => text)];
}
