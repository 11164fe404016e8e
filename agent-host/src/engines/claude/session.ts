import { setTimeout as sleep } from "node:timers/promises";
import type { Anthropic } from "@anthropic-ai/sdk";
import { type EngineResult, type Investigation, NO_USAGE, type Usage } from "../engine.ts";
import type { Budget } from "./budget.ts";
import { connect, type ModelClient } from "./client.ts";
import type { ClaudeConfig } from "./config.ts";
import type { Conversation } from "./conversation.ts";
import { isBrokenStream, refusesStrictTools, unavailable } from "./failure.ts";
import { offeredTools, reportFormat } from "./offer.ts";
import { SYSTEM_PROMPT } from "./prompt.ts";
import { oneLine } from "./untrusted.ts";

/** Why a request is made: to look further, or to get the report from what is known. */
export type Purpose = "investigate" | "close" | "repair";

type RequestRecord = EngineResult["requests"][number];

/** Before a request whose stream broke is made again, in milliseconds. */
const PAUSE_MS = 1_000;

/** Makes the requests of one investigation: all the same but for the conversation and who may still ask tools. */
export class Session {
  readonly #config: ClaudeConfig;
  readonly #investigation: Investigation;
  readonly #budget: Budget;
  readonly #client: ModelClient;
  readonly #format: Anthropic.JSONOutputFormat;
  readonly #requests: RequestRecord[] = [];
  #tools: Anthropic.Tool[];
  #strict = true;
  #usage: Usage = NO_USAGE;

  private constructor(
    config: ClaudeConfig,
    investigation: Investigation,
    budget: Budget,
    [client, format, tools]: [ModelClient, Anthropic.JSONOutputFormat, Anthropic.Tool[]],
  ) {
    this.#config = config;
    this.#investigation = investigation;
    this.#budget = budget;
    this.#client = client;
    this.#format = format;
    this.#tools = tools;
  }

  static async open(config: ClaudeConfig, investigation: Investigation, budget: Budget): Promise<Session> {
    const parts = await Promise.all([connect(config), reportFormat(), offeredTools(investigation.toolbox.tools, true)]);
    return new Session(config, investigation, budget, parts);
  }

  get usage(): Usage {
    return this.#usage;
  }

  get requests(): readonly RequestRecord[] {
    return this.#requests;
  }

  /**
   * The model's next message, or undefined when the time for it ran out.
   *
   * @throws EngineUnavailable when the model's service does not answer; the reason of the signal when that aborts.
   */
  async ask(purpose: Purpose, conversation: Conversation): Promise<Anthropic.Message | undefined> {
    try {
      return await this.#askTwice(purpose, conversation);
    } catch (error) {
      this.#investigation.signal.throwIfAborted();
      const fallBack = this.#strict && this.#requests.length === 1 && refusesStrictTools(error);
      if (!fallBack) throw await unavailable(error, this.#config);
    }
    // Models differ in how large a set of strict schemas they take. Nothing was said yet, so the tools may change.
    this.#strict = false;
    this.#tools = await offeredTools(this.#investigation.toolbox.tools, false);
    return this.ask(purpose, conversation);
  }

  /** The SDK repeats what fails before an answer begins; a stream that breaks later is repeated here, once. */
  async #askTwice(purpose: Purpose, conversation: Conversation): Promise<Anthropic.Message | undefined> {
    const first = await this.#stream(purpose, conversation);
    if (!("broken" in first)) return first.message;
    this.#investigation.progress("the model's answer broke off; asking again");
    await sleep(PAUSE_MS, undefined, { signal: this.#investigation.signal });
    const second = await this.#stream(purpose, conversation);
    if ("broken" in second) throw second.broken;
    return second.message;
  }

  async #stream(
    purpose: Purpose,
    conversation: Conversation,
  ): Promise<{ message: Anthropic.Message | undefined } | { broken: unknown }> {
    const startedAt = performance.now();
    const { signal, progress } = this.#investigation;
    const tooLate = new AbortController();
    let writing = false;
    // A report that is being written when the working time ends may use the time kept back for closing.
    const onWorkingOver = () => writing || tooLate.abort();
    if (purpose === "investigate") this.#budget.working.addEventListener("abort", onWorkingOver, { once: true });
    const stream = this.#client.messages.stream(this.#parameters(purpose, conversation), {
      signal: AbortSignal.any([signal, this.#budget.closing, tooLate.signal]),
    });
    stream.on("streamEvent", (event) => {
      if (writing || event.type !== "content_block_start" || event.content_block.type !== "text") return;
      writing = true;
      progress("the model is writing its report");
    });
    const record = (message: Anthropic.Message | undefined, error?: unknown) =>
      this.#record(purpose, message, (performance.now() - startedAt) / 1000, error);
    try {
      const message = await stream.finalMessage();
      record(message);
      return { message };
    } catch (error) {
      const begun = stream.currentMessage;
      record(begun, error);
      signal.throwIfAborted();
      if (this.#budget.closing.aborted || tooLate.signal.aborted) return { message: undefined };
      if (begun !== undefined && isBrokenStream(error)) return { broken: error };
      throw error;
    } finally {
      this.#budget.working.removeEventListener("abort", onWorkingOver);
    }
  }

  #parameters(purpose: Purpose, conversation: Conversation): Anthropic.MessageStreamParams {
    const { model, effort } = this.#config;
    // The tools stay in the closing requests too: taking them out would empty the cache and unbind thinking blocks.
    const tools: Partial<Anthropic.MessageStreamParams> =
      this.#tools.length === 0
        ? {}
        : { tools: this.#tools, tool_choice: { type: purpose === "investigate" ? "auto" : "none" } };
    return {
      model,
      max_tokens: this.#budget.outputTokens,
      // A breakpoint after the system prompt caches the tools as well, which come before it.
      system: [{ type: "text", text: SYSTEM_PROMPT, cache_control: { type: "ephemeral" } }],
      ...tools,
      output_config: { format: this.#format, ...(effort === undefined ? {} : { effort }) },
      messages: conversation.messages(),
    };
  }

  #record(purpose: Purpose, message: Anthropic.Message | undefined, seconds: number, error?: unknown): void {
    const usage = usageOf(message);
    this.#budget.spend(usage);
    this.#usage = addUsage(this.#usage, usage);
    const request = {
      purpose,
      model: oneLine(message?.model ?? this.#config.model),
      stop_reason: message?.stop_reason ?? null,
      ...usage,
      seconds: Math.round(seconds * 1000) / 1000,
      ...(error === undefined ? {} : { failed: true }),
    };
    this.#requests.push(request);
    this.#investigation.requested?.(request);
  }
}

/** Cache reads apart, everything else that went in together. */
function usageOf(message: Anthropic.Message | undefined): Usage {
  if (!message) return NO_USAGE;
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = message.usage;
  return {
    input_tokens: (input_tokens ?? 0) + (cache_creation_input_tokens ?? 0),
    output_tokens: output_tokens ?? 0,
    cached_input_tokens: cache_read_input_tokens ?? 0,
  };
}

const addUsage = (a: Usage, b: Usage): Usage => ({
  input_tokens: a.input_tokens + b.input_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
  cached_input_tokens: a.cached_input_tokens + b.cached_input_tokens,
});
