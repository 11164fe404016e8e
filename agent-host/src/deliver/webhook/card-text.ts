import type { Block, Inline, RichPart, SlackMessage } from "../slack/block-kit.ts";

/** A card in plain words, a line a row, for whatever shows no blocks: a terminal, another messenger. */
export const cardText = ({ blocks }: SlackMessage): string => blocks.flatMap(rowsOf).join("\n");

function rowsOf(block: Block): string[] {
  switch (block.type) {
    case "header":
      return [block.text.text];
    case "rich_text":
      return block.elements.flatMap(partOf);
    case "context":
      return block.elements.map(({ text }) => text);
    default:
      return [];
  }
}

function partOf(part: RichPart): string[] {
  if (part.type === "rich_text_list") return part.elements.map(({ elements }) => `- ${wordsOf(elements)}`);
  const words = wordsOf(part.elements);
  return part.type === "rich_text_quote" ? words.split("\n").map((line) => `> ${line}`) : [words];
}

const wordsOf = (elements: readonly Inline[]): string => elements.map(wordOf).join("");

function wordOf(one: Inline): string {
  if (one.type === "link") return `${one.text} (${one.url})`;
  if (one.type === "user") return one.user_id;
  return one.type === "date" ? one.fallback : one.text;
}
