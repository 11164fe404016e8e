/** A Slack message as a person reads it on a phone, for golden files. */
import type { Block, Inline, RichPart, SlackMessage } from "../../../agent-host/src/deliver/slack/block-kit.ts";

const inline = (one: Inline): string => {
  switch (one.type) {
    case "link":
      return `${one.text} <${one.url}>`;
    case "user":
      return `@${one.user_id}`;
    case "date":
      return one.fallback;
    case "text":
      return one.style?.bold ? `**${one.text}**` : one.style?.code ? `\`${one.text}\`` : one.text;
  }
};
const run = (elements: readonly Inline[]) => elements.map(inline).join("");
const prefixed = (prefix: string, words: string) =>
  words
    .split("\n")
    .map((line) => `${prefix}${line}`.trimEnd())
    .join("\n");

const part = (one: RichPart): string => {
  switch (one.type) {
    case "rich_text_section":
      return run(one.elements);
    case "rich_text_quote":
      return prefixed("  | ", run(one.elements));
    case "rich_text_preformatted":
      return prefixed("    ", run(one.elements));
    case "rich_text_list":
      return one.elements.map(({ elements }) => `  - ${run(elements)}`).join("\n");
  }
};

const block = (one: Block): string => {
  switch (one.type) {
    case "header":
      return `# ${one.text.text}`;
    case "rich_text":
      return one.elements.map(part).join("\n");
    case "context":
      return one.elements.map(({ text }) => `(${text})`).join("\n");
    case "actions":
      return one.elements.map(({ text, style }) => `[${text.text}${style ? `: ${style}` : ""}]`).join("  ");
    case "divider":
      return "---";
    case "image":
      return `[picture ${one.slack_file.id}: ${one.alt_text}]`;
  }
};

export const shown = ({ text, blocks }: SlackMessage): string =>
  `notification: ${text}\n\n${blocks.map(block).join("\n")}\n`;
