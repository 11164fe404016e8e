import { createHash } from "node:crypto";
import type { ModelRequest } from "./request.ts";

/** The same content without its cache marks, which neither the cache nor thinking blocks are bound to. */
const bare = (value: unknown): string =>
  JSON.stringify(value, (key, inner) => (key === "cache_control" ? undefined : inner));

const hash = (...parts: readonly string[]): string => createHash("sha256").update(parts.join("\0")).digest("base64url");

/** What signs the thinking blocks of the message at `index`: everything in front of that message. */
export function prefixSignature(request: Pick<ModelRequest, "system" | "tools" | "messages">, index: number): string {
  return hash(bare(request.system), bare(request.tools ?? []), bare(request.messages.slice(0, index)));
}

interface Piece {
  readonly hash: string;
  readonly tokens: number;
  readonly marked: boolean;
}

/** How far back of a breakpoint a cached prefix is looked for, in blocks. */
const LOOKBACK = 20;

export interface CachedUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
}

/** The prompt cache: a prefix that ended in a breakpoint is read by later requests that begin with the same bytes. */
export class PromptCache {
  readonly #written = new Set<string>();

  read(request: ModelRequest): CachedUsage {
    const pieces = piecesOf(request);
    const tokensTo = (end: number) => pieces.slice(0, end + 1).reduce((sum, { tokens }) => sum + tokens, 0);
    const marks = pieces.flatMap(({ marked }, index) => (marked ? [index] : []));
    const hits = marks.flatMap((mark) => {
      const from = Math.max(0, mark - LOOKBACK + 1);
      return pieces
        .slice(from, mark + 1)
        .flatMap((piece, offset) => (this.#written.has(piece.hash) ? [from + offset] : []));
    });
    for (const mark of marks) this.#written.add(pieces[mark]?.hash ?? "");
    const read = hits.length > 0 ? tokensTo(Math.max(...hits)) : 0;
    const cached = marks.length > 0 ? Math.max(tokensTo(Math.max(...marks)), read) : 0;
    return {
      input_tokens: tokensTo(pieces.length - 1) - cached,
      cache_creation_input_tokens: cached - read,
      cache_read_input_tokens: read,
    };
  }
}

/** Blocks in the order in which the cache sees them: tools, system, messages. */
function piecesOf({ tools = [], system, messages, output_config, tool_choice }: ModelRequest): Piece[] {
  const blocks = [
    ...tools,
    ...(typeof system === "string" ? [{ type: "text", text: system }] : system),
    "messages" as const,
    ...messages.flatMap<object>(({ content }) => content),
  ];
  let before = hash(bare(output_config?.format ?? null));
  return blocks.map((block): Piece => {
    // Another tool choice keeps what is cached of tools and system, and loses the messages.
    const text = block === "messages" ? bare(tool_choice?.type ?? "auto") : bare(block);
    before = hash(before, text);
    const marked = typeof block === "object" && "cache_control" in block && Boolean(block.cache_control);
    return { hash: before, tokens: block === "messages" ? 0 : Math.ceil(text.length / 4), marked };
  });
}
