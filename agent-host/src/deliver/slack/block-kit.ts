import { z } from "zod";

/** Slack's limits, by its reference; the last two are not in it and were found by asking. */
export const MAX_BLOCKS = 50;
export const MAX_HEADER = 150;
export const MAX_SECTION = 3_000;
export const MAX_CONTEXT_ELEMENTS = 10;
export const MAX_BUTTON_TEXT = 75;
export const MAX_BUTTON_VALUE = 2_000;
export const MAX_ACTIONS = 25;
/** Characters of all blocks of one message together. */
export const MAX_MESSAGE = 13_200;
/** Of the text that stands in for the blocks in a notification. */
export const MAX_FALLBACK = 4_000;

const plain = (most: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(most), emoji: z.literal(false) });

const Style = z.strictObject({ bold: z.literal(true).optional(), code: z.literal(true).optional() }).optional();
/** Shown as it is: Slack reads no markup in it. */
const Run = z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(MAX_SECTION), style: Style });
const Link = z.strictObject({
  type: z.literal("link"),
  url: z.url().max(3_000),
  text: z.string().min(1).max(MAX_SECTION),
});
/** A member, by an id that Slack itself gave. */
const User = z.strictObject({ type: z.literal("user"), user_id: z.string().regex(/^[UW][A-Z0-9]{2,20}$/) });
const DateRun = z.strictObject({
  type: z.literal("date"),
  /** Seconds since the epoch. */
  timestamp: z.number().int(),
  format: z.string(),
  fallback: z.string(),
});
export const Inline = z.discriminatedUnion("type", [Run, Link, User, DateRun]);
export type Inline = z.infer<typeof Inline>;

const inlines = z.array(Inline).min(1);
const Section = z.strictObject({ type: z.literal("rich_text_section"), elements: inlines });
const Quote = z.strictObject({ type: z.literal("rich_text_quote"), elements: inlines });
const Preformatted = z.strictObject({ type: z.literal("rich_text_preformatted"), elements: inlines });
const List = z.strictObject({
  type: z.literal("rich_text_list"),
  style: z.enum(["bullet", "ordered"]),
  elements: z.array(Section).min(1),
});
export const RichPart = z.discriminatedUnion("type", [Section, Quote, Preformatted, List]);
export type RichPart = z.infer<typeof RichPart>;

export const Button = z.strictObject({
  type: z.literal("button"),
  action_id: z.string().max(255),
  text: plain(MAX_BUTTON_TEXT),
  value: z.string().max(MAX_BUTTON_VALUE).optional(),
  style: z.enum(["primary", "danger"]).optional(),
});
export type Button = z.infer<typeof Button>;

const blockId = z.string().max(255).optional();
export const Block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), block_id: blockId, text: plain(MAX_HEADER) }),
  z.strictObject({ type: z.literal("rich_text"), block_id: blockId, elements: z.array(RichPart).min(1) }),
  z.strictObject({
    type: z.literal("context"),
    block_id: blockId,
    elements: z.array(plain(MAX_SECTION)).min(1).max(MAX_CONTEXT_ELEMENTS),
  }),
  z.strictObject({ type: z.literal("actions"), block_id: blockId, elements: z.array(Button).min(1).max(MAX_ACTIONS) }),
  z.strictObject({ type: z.literal("divider"), block_id: blockId }),
  z.strictObject({
    type: z.literal("image"),
    block_id: blockId,
    slack_file: z.strictObject({ id: z.string() }),
    alt_text: z.string().min(1).max(2_000),
  }),
]);
export type Block = z.infer<typeof Block>;

/** A message that Slack takes. */
export const SlackMessage = z.strictObject({
  /** Shown in a notification and read by screen readers. mrkdwn, so what strangers wrote is escaped in it. */
  text: z.string().min(1).max(MAX_FALLBACK),
  blocks: z
    .array(Block)
    .min(1)
    .max(MAX_BLOCKS)
    .refine((blocks) => sizeOf(blocks) <= MAX_MESSAGE, { error: `more than ${MAX_MESSAGE} characters in all blocks` }),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

/** Every string that shows, in order. */
export function wordsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    (name === "text" || name === "fallback") && typeof inner === "string" ? [inner] : wordsIn(inner),
  );
}

/** Characters that count towards a message's limit: its words, and addresses and values besides. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + sizeOf(inner), 0);
  if (value === null || typeof value !== "object") return 0;
  return Object.entries(value).reduce((sum, [name, inner]) => sum + (name === "type" ? 0 : sizeOf(inner)), 0);
}

export const text = (words: string): Inline => ({ type: "text", text: words });
export const bold = (words: string): Inline => ({ type: "text", text: words, style: { bold: true } });
export const code = (words: string): Inline => ({ type: "text", text: words, style: { code: true } });
export const line = (...elements: Inline[]): RichPart => ({ type: "rich_text_section", elements });
export const quote = (...elements: Inline[]): RichPart => ({ type: "rich_text_quote", elements });
export const verbatim = (words: string): RichPart => ({ type: "rich_text_preformatted", elements: [text(words)] });
export const bullets = (items: readonly Inline[][]): RichPart => ({
  type: "rich_text_list",
  style: "bullet",
  elements: items.map((elements) => ({ type: "rich_text_section", elements })),
});
export const rich = (...elements: RichPart[]): Block => ({ type: "rich_text", elements });
export const header = (words: string): Block => ({
  type: "header",
  text: { type: "plain_text", text: words, emoji: false },
});
export const context = (...words: string[]): Block => ({
  type: "context",
  elements: words.map((one) => ({ type: "plain_text", text: one, emoji: false })),
});
export const button = (actionId: string, words: string, value: string, style?: Button["style"]): Button => ({
  ...{ type: "button", action_id: actionId, text: { type: "plain_text", text: words, emoji: false }, value },
  ...(style ? { style } : {}),
});
/** A link where it is one that leads somewhere harmless, else its words. */
export const linked = (words: string, url: string | undefined): Inline =>
  url === undefined ? text(words) : { type: "link", url, text: words };
