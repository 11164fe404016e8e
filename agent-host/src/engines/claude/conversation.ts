import type { Anthropic } from "@anthropic-ai/sdk";

type UserBlock = Anthropic.TextBlockParam | Anthropic.ToolResultBlockParam;
type Turn =
  | { readonly role: "user"; readonly content: UserBlock[] }
  | { readonly role: "assistant"; readonly content: readonly Anthropic.ContentBlock[] };

const BREAKPOINT = { type: "ephemeral" } as const;

/** User messages, from the last, whose end is a cache breakpoint. */
const BREAKPOINTS = 2;

/**
 * The messages so far. It only grows: thinking blocks are bound to every byte in front of them, and the prompt cache
 * matches prefixes.
 */
export class Conversation {
  readonly #turns: Turn[] = [];

  /** Adds to the user's message, or begins one after the assistant's. */
  say(...blocks: readonly UserBlock[]): void {
    const last = this.#turns.at(-1);
    if (last?.role === "user") last.content.push(...blocks);
    else this.#turns.push({ role: "user", content: [...blocks] });
  }

  sayText(text: string): void {
    this.say({ type: "text", text });
  }

  /** The model's own message, as it came, thinking and signatures included. */
  heard(message: Anthropic.Message): void {
    this.#turns.push({ role: "assistant", content: message.content });
  }

  /**
   * For the next request. The last user message ends in a cache breakpoint, so that all before it is read from the
   * cache next time; the one before it keeps its own, since a lookup goes back 20 blocks only and one turn of parallel
   * calls can add more.
   */
  messages(): Anthropic.MessageParam[] {
    const users = this.#turns.filter((turn) => turn.role === "user");
    const marked = new Set<Turn>(users.slice(-BREAKPOINTS));
    return this.#turns.map((turn): Anthropic.MessageParam => {
      if (turn.role === "assistant") return { role: "assistant", content: [...turn.content] };
      const last = turn.content.length - 1;
      const content = turn.content.map((block, index) =>
        marked.has(turn) && index === last ? { ...block, cache_control: BREAKPOINT } : block,
      );
      return { role: "user", content };
    });
  }
}
