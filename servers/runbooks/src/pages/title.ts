import type { Block, Root } from "./outline.ts";
import { wordsOf } from "./outline.ts";

/**
 * The title that a page's text gives itself: its first level-one heading, of either style; else the one heading that all of it
 * stands under, when the page begins with that. Undefined when there is neither: one of several headings is no title.
 */
export async function titleOf(text: string): Promise<string | undefined> {
  const { fromMarkdown } = await import("mdast-util-from-markdown");
  const { children } = fromMarkdown(text);
  const headings = children.flatMap((block) => (block.type === "heading" ? [block] : []));
  const heading = headings.find(({ depth }) => depth === 1) ?? onlyTop(children);
  return heading && (wordsOf(heading) || undefined);
}

function onlyTop(children: Root["children"]): Extract<Block, { type: "heading" }> | undefined {
  // What is written in a comment is not on the page.
  const [first, ...others] = children.filter(({ type }) => type !== "html");
  if (first?.type !== "heading") return undefined;
  return others.some((block) => block.type === "heading" && block.depth <= first.depth) ? undefined : first;
}
