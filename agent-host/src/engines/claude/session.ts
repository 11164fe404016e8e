import type { Anthropic } from "@anthropic-ai/sdk";
import { type EngineResult, type Investigation, NO_USAGE, type Usage } from "../engine.ts";
import type { Budget } from "./budget.ts";
import { connect, type ModelClient } from "./client.ts";
import type { ClaudeConfig } from "./config.ts";
import type { Conversation } from "./conversation.ts";
import { refusesStrictTools, unavailable } from "./failure.ts";
import { offeredTools, reportFormat } from "./offer.ts";
import { SYSTEM_PROMPT } from "./prompt.ts";
import { Patience, waited } from "./retry.ts";
import { oneLine } from "./untrusted.ts";

/** Why a request is made: to look further, or to get the report from what is known. */
export type Purpose = "investigate" | "close" | "repair";

type RequestRecord = EngineResult["requests"][number];

/** Makes the requests of one investigation: all the same but for the conversation and who may still ask tools. */
export class Session {
  readonly #config: ClaudeConfig;
  readonly #investigation: Investigation;
  readonly #budget: Budget;
  readonly #client: ModelClient;
  readonly #format: Anthropic.JSONOutputFormat;
  readonly #requests: RequestRecord[] = [];
  readonly #patience: Patience;
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
    this.#patience = new Patience(config.limits.retrySeconds * 1000);
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
      return await this.#askUntilAnswered(purpose, conversation);
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

  /** Makes the same request again, conversation and all, while what it fails by may pass. */
  async #askUntilAnswered(purpose: Purpose, conversation: Conversation): Promise<Anthropic.Message | undefined> {
    for (;;) {
      const answer = await this.#stream(purpose, conversation);
      if (!("failed" in answer)) {
        this.#patience.answered();
        return answer.message;
      }
      const pause = this.#patience.pauseAfter(answer.failed);
      if (pause === undefined) throw answer.failed;
      const { signal, progress } = this.#investigation;
      progress(`the model did not answer; asking again in ${(pause / 1000).toFixed(1)} s`);
      const until = purpose === "investigate" ? this.#budget.working : this.#budget.closing;
      if (await waited(pause, AbortSignal.any([signal, until]))) continue;
      signal.throwIfAborted();
      return undefined; // the time for it is over
    }
  }

  /** One request: the message, none when the time ran out, or what it failed by. */
  async #stream(
    purpose: Purpose,
    conversation: Conversation,
  ): Promise<{ message: Anthropic.Message | undefined } | { failed: unknown }> {
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
      record(stream.currentMessage, error);
      signal.throwIfAborted();
      if (this.#budget.closing.aborted || tooLate.signal.aborted) return { message: undefined };
      return { failed: error };
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
