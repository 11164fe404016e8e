import type { Element, Node } from "./tree.ts";

/** Where a page is, for the links on it. */
export interface PagePlace {
  /** What people's addresses of this Confluence begin with, without a slash at the end. */
  readonly base: string;
  readonly space: string;
}

/** What the parts of the converter need of each other. */
export interface Writer {
  readonly place: PagePlace;
  /** Markdown blocks of what stands in an element. */
  blocks(nodes: readonly Node[]): string[];
  /** Markdown within a line; a line break is a newline. */
  inline(nodes: readonly Node[]): string;
  /**
   * Counts what is put around a page's own words: prefixes of lines, repeated names, empty cells.
   *
   * @throws StorageProblem when that is too much.
   */
  spend(characters: number): void;
  /** Whether there is something in it that takes lines of its own. */
  hasBlocks(node: Node): boolean;
  /** One macro, as blocks. */
  macro(macro: Element): string[];
}

/** A fence long enough for what it holds. */
export function fenced(text: string, language = ""): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language.replace(/[^\w+#.-]/g, "")}\n${text.replace(/\r\n?/g, "\n").replace(/\n$/, "")}\n${fence}`;
}

/** Lines below the first one are set in by so much; empty ones stay empty. */
export const indented = (text: string, by: string): string => text.replace(/\n(?!\n|$)/g, `\n${by}`);

/** Puts a label before blocks: in the same line where that is a paragraph. */
export function labelled(label: string, blocks: readonly string[]): string[] {
  const [first, ...rest] = blocks;
  if (first === undefined) return [label];
  return /^(?:[#>|`~]|[-*+] |\d+[.)] )/.test(first) ? [label, ...blocks] : [`${label} ${first}`, ...rest];
}

/**
 * What would make another structure of a line is escaped: a heading, a fence, the underline of a heading, an HTML block that
 * swallows what follows. Nothing else is, since a quote should be the page's own characters.
 */
export const guarded = (paragraph: string): string =>
  paragraph
    .replace(/^(?=#{1,6}(?:\s|$)|```|~~~|<(?:script|pre|style|textarea)\b|<[!?])/gim, "\\")
    .replace(/\n(?=(?:=+|-+)[ \t]*(?:\n|$))/g, "\n\\");
