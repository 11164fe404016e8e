import type { Clause } from "./clauses.ts";
import type { PatternClause } from "./finding.ts";

/** Of the message that a template stands for. */
export interface Message {
  /** What its stack trace is known by, masked, in order. */
  readonly marks: readonly string[];
  readonly isOneLine: boolean;
  /** Whether the template holds only the beginning of its first line. */
  readonly isCut: boolean;
}

/** Most characters of an expression: by default an index takes 1,000. */
const LONGEST = 900;
/** Words of a template beyond these are left open. */
const MAX_WORDS = 80;
/** What masking makes one blank of: blanks and control characters. */
const BLANKS = "[\u0001-\u0020\u007f]";
const RUNS_OF_BLANKS = new RegExp(`${BLANKS}+`, "g");
const FAILURE = /^([45])xx$/;

const escaped = (text: string) => text.replace(/[.?+*|{}[\]()"\\#@&<>~^$/-]/g, "\\$&");

/** A template's text with values left open, as Lucene's regular expressions and JavaScript's both read it. */
function expression(template: string): { readonly source: string; readonly isWhole: boolean } {
  const pieces = template.split(/(<\*>| )/);
  let source = "";
  let words = 0;
  for (const piece of pieces) {
    const digit = FAILURE.exec(piece)?.[1];
    const next =
      piece === "<*>" ? ".*" : piece === " " ? `${BLANKS}+` : digit ? `${digit}([0-9][0-9]|xx)` : escaped(piece);
    if (source.length + next.length > LONGEST / 2 || words > MAX_WORDS)
      return { source: `${source}.*`, isWhole: false };
    source += next;
    if (piece.trim() !== "") words++;
  }
  return { source, isWhole: true };
}

/** Finds a pattern by its whole text, in a field that holds messages as they are. */
export function wholeText(field: string, template: string, { marks, isOneLine, isCut }: Message): PatternClause {
  const head = expression(template);
  let source = `${BLANKS}*${head.source}`;
  if (marks.length > 0) {
    source += head.isWhole && !isCut ? `${BLANKS}*\n` : ".*\n";
    for (const mark of marks) {
      const next = `.*${expression(mark).source}`;
      if (source.length + next.length > LONGEST) break;
      source += next;
    }
    source += ".*";
  } else if (isCut || !head.isWhole) source += isOneLine ? "[^\n]*" : ".*";
  else source += isOneLine ? `${BLANKS}*` : `(${BLANKS}*\n.*)?${BLANKS}*`;
  const clause: Clause = { regexp: { [field]: { value: source, flags: "NONE" } } };
  const weight = template.replaceAll("<*>", "").length + (marks.length > 0 ? 2_000 : 0);
  const parts = template.replace(/\b[45]xx\b/g, "<*>").split("<*>");
  const isOpen = isCut || !head.isWhole;
  const finds = (message: string): boolean => {
    const lineBreak = message.indexOf("\n");
    if (isOneLine && lineBreak >= 0) return false;
    const line = (lineBreak < 0 ? message : message.slice(0, lineBreak)).replaceAll(RUNS_OF_BLANKS, " ").trim();
    return fits(line, parts, isOpen) && marks.every((mark) => message.includes(longestPart(mark)));
  };
  return { clause, key: source, weight, finds };
}

/**
 * Whether a line has these parts in this order, the first at its beginning and, unless its end is open, the last at its end.
 * Each is looked for once, so that no line takes long.
 */
function fits(line: string, parts: readonly string[], isOpen: boolean): boolean {
  const [first = "", ...rest] = parts;
  if (!line.startsWith(first)) return false;
  const last = isOpen ? undefined : rest.pop();
  if (last === undefined && !isOpen) return line === first;
  let at = first.length;
  for (const part of rest) {
    const found = line.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return last === undefined || (line.endsWith(last) && line.length - last.length >= at);
}

const longestPart = (masked: string): string =>
  masked.split(/<\*>| /).reduce((longest, part) => (part.length > longest.length ? part : longest), "");
