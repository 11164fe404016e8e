import type { Anthropic } from "@anthropic-ai/sdk";
import type { ToolInfo } from "../../tools/toolbox.ts";
import type { Investigation } from "../engine.ts";
import { readOnlyTools } from "./offer.ts";
import { fenceUntrusted } from "./untrusted.ts";

/** Most calls that are run of one turn; the servers answer one alert, not a flood. */
export const MAX_CALLS_A_TURN = 12;

type ToolResult = Anthropic.ToolResultBlockParam;
type Arguments = Readonly<Record<string, unknown>>;

/** Runs what the model asks for, as far as it may: tools that only read, each question once. */
export class ToolCalls {
  readonly #investigation: Investigation;
  readonly #offered: ReadonlyMap<string, ToolInfo>;
  /** What was asked, in canonical form, and as which call. */
  readonly #asked = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #unanswered = new Set<string>();
  #repeated = 0;

  constructor(investigation: Investigation) {
    this.#investigation = investigation;
    this.#offered = new Map(readOnlyTools(investigation.toolbox.tools).map((tool) => [tool.name, tool]));
  }

  /** What the reader should know about what was refused. */
  get notes(): string[] {
    const refused = [...this.#refused].map(([name, times]) => `${name}${times > 1 ? ` (${times} times)` : ""}`);
    const notes =
      refused.length > 0 ? [`the model asked for what it may not use, and was refused: ${refused.join(", ")}`] : [];
    if (this.#unanswered.size > 0) notes.push(`the time ran out on ${[...this.#unanswered].join(", ")}`);
    if (this.#repeated > 0) notes.push(`repeated calls refused: ${this.#repeated}`);
    return notes;
  }

  /** All calls of one turn at once; results in the order of the calls, which the API wants in one message. */
  async run(blocks: readonly Anthropic.ToolUseBlock[], working: AbortSignal): Promise<ToolResult[]> {
    return Promise.all(
      blocks.map((block, index) =>
        index < MAX_CALLS_A_TURN
          ? this.#answer(block, working)
          : error(block, `Not run: at most ${MAX_CALLS_A_TURN} calls a turn. Ask again if it still matters.`),
      ),
    );
  }

  async #answer(block: Anthropic.ToolUseBlock, working: AbortSignal): Promise<ToolResult> {
    const tool = this.#offered.get(block.name);
    if (!tool) return this.#refuse(block);
    if (!isArguments(block.input)) return error(block, "Not run: the arguments must be a JSON object.");
    const question = `${tool.name} ${canonical(block.input)}`;
    const before = this.#asked.get(question);
    if (before !== undefined) {
      this.#repeated += 1;
      return result(block, `Not run again: you asked exactly this as call ${before}. Its result stands above.`);
    }
    const number = this.#asked.size + 1;
    this.#asked.set(question, number);
    return this.#call(block, tool, block.input, number, working);
  }

  async #call(
    block: Anthropic.ToolUseBlock,
    tool: ToolInfo,
    args: Arguments,
    number: number,
    working: AbortSignal,
  ): Promise<ToolResult> {
    const { signal, toolbox } = this.#investigation; // the toolbox itself shows what it asks of which server
    try {
      const call = await toolbox.call(tool.name, args, { signal: AbortSignal.any([signal, working]) });
      const text = fenceUntrusted(call.text, `Call ${number}, ${tool.name}: ${call.outcome}`);
      return call.outcome === "could_not_look" || call.outcome === "bad_request"
        ? error(block, text)
        : result(block, text);
    } catch (thrown) {
      signal.throwIfAborted();
      if (!working.aborted) throw thrown;
      this.#unanswered.add(tool.name);
      return error(block, `Call ${number}, ${tool.name}: the time ran out before it answered. This is a gap.`);
    }
  }

  #refuse(block: Anthropic.ToolUseBlock): ToolResult {
    // The name goes into the report's note: only what can be a tool's name may.
    const name = /^[\w-]{1,64}$/.test(block.name) ? block.name : "something that is no tool";
    this.#refused.set(name, (this.#refused.get(name) ?? 0) + 1);
    this.#investigation.progress(`refused: ${name}`);
    this.#investigation.refused?.(name);
    const offered = [...this.#offered.keys()].join(", ");
    return error(block, `Refused: ${name} is not yours to call, and was not run. You may only read, with ${offered}.`);
  }
}

const result = (block: Anthropic.ToolUseBlock, text: string): ToolResult => ({
  type: "tool_result",
  tool_use_id: block.id,
  content: [{ type: "text", text }],
});

const error = (block: Anthropic.ToolUseBlock, text: string): ToolResult => ({ ...result(block, text), is_error: true });

const isArguments = (input: unknown): input is Arguments =>
  input !== null && typeof input === "object" && !Array.isArray(input);

/** The same for the same question: keys sorted, and what is not given left out, since the servers read null so. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (!isArguments(inner)) return inner;
    const given = Object.entries(inner).filter(([, each]) => each !== null && each !== undefined);
    return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
