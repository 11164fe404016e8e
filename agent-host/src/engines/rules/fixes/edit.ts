import type { ProposedFix } from "@oncall-copilot/core";
import type { SourceFile } from "../files.ts";

type Edit = ProposedFix["edits"][number];

/** The edit that makes `file` read `after`: the lines that differ, with as many around them as make the place the only one. */
export function editOf({ path, text }: SourceFile, after: string): Edit | undefined {
  if (text === after) return undefined;
  const [old, fresh] = [text.split("\n"), after.split("\n")];
  let from = 0;
  while (from < Math.min(old.length, fresh.length) && old[from] === fresh[from]) from++;
  let tail = 0;
  while (
    tail < Math.min(old.length, fresh.length) - from &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  )
    tail++;
  for (;;) {
    const old_text = old.slice(from, old.length - tail).join("\n");
    if (old_text !== "" && occursOnce(text, old_text)) {
      return { path, old_text, new_text: fresh.slice(from, fresh.length - tail).join("\n") };
    }
    if (from === 0 && tail === 0) return undefined;
    from = Math.max(0, from - 1);
    tail = Math.max(0, tail - 1);
  }
}

export const occursOnce = (text: string, part: string): boolean =>
  text.includes(part) && text.indexOf(part) === text.lastIndexOf(part);
