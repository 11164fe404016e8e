import { type Block, context, MAX_BLOCKS, MAX_MESSAGE, type SlackMessage, sizeOf } from "./block-kit.ts";
import { escaped, shortened } from "./plain-text.ts";

/** Blocks that stand or fall together. */
export interface MessagePart {
  /** What a reader misses when it is cut: `2 of the claims`. */
  readonly name: string;
  readonly blocks: readonly Block[];
}

/** What is kept free for the line that says what was cut. */
const RESERVE = 600;

/** The parts that fit into one message, in their order; what does not is cut whole, and named where the message ends. */
export function fitMessage(fallback: string, parts: readonly MessagePart[], where: string): SlackMessage {
  const kept: Block[] = [];
  const cut: string[] = [];
  let size = 0;
  for (const { name, blocks } of parts) {
    const more = sizeOf(blocks);
    const isLast = parts.at(-1)?.name === name && cut.length === 0;
    const [most, mostBlocks] = isLast ? [MAX_MESSAGE, MAX_BLOCKS] : [MAX_MESSAGE - RESERVE, MAX_BLOCKS - 1];
    if (size + more > most || kept.length + blocks.length > mostBlocks) cut.push(name);
    else {
      kept.push(...blocks);
      size += more;
    }
  }
  const notice =
    cut.length === 0 ? [] : [context(shortened(`Left out to fit Slack: ${cut.join(", ")}. ${where}`, RESERVE))];
  return { text: shortened(escaped(fallback), 3_000), blocks: [...kept, ...notice] };
}
