import type { Anthropic } from "@anthropic-ai/sdk";
import type { Draft, Failure } from "@oncall-copilot/core";
import { type Engine, type EngineResult, EngineUnavailable, type Investigation } from "../engine.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { Budget } from "./budget.ts";
import type { ClaudeConfig } from "./config.ts";
import { Conversation } from "./conversation.ts";
import { CUT_OFF_MESSAGE, closingMessage, invalidMessage, openingMessage, repairMessage } from "./prompt.ts";
import { Session } from "./session.ts";
import { ToolCalls } from "./tool-calls.ts";

export { isClaudeConfigured, readClaudeConfig } from "./config.ts";

/** The agent: a model asks the tools in turns until it answers with a report, which it may repair once. */
export function createClaudeEngine(config: ClaudeConfig): Engine {
  return {
    name: "claude",
    investigate: async (investigation) => {
      investigation.signal.throwIfAborted();
      const budget = new Budget(config.limits);
      try {
        const session = await Session.open(config, investigation, budget);
        return await new Triage(config, investigation, budget, session).run();
      } finally {
        budget.end();
      }
    },
  };
}

/** The model's last word, before the repair round. */
interface Ending {
  readonly message: Anthropic.Message | undefined;
  /** Why the model was made to end, when it did not end by itself. */
  readonly stopped: string | undefined;
}

class Triage {
  readonly #config: ClaudeConfig;
  readonly #investigation: Investigation;
  readonly #budget: Budget;
  readonly #session: Session;
  readonly #calls: ToolCalls;
  readonly #conversation = new Conversation();

  constructor(config: ClaudeConfig, investigation: Investigation, budget: Budget, session: Session) {
    this.#config = config;
    this.#investigation = investigation;
    this.#budget = budget;
    this.#session = session;
    this.#calls = new ToolCalls(investigation);
  }

  async run(): Promise<EngineResult> {
    this.#conversation.sayText(openingMessage(this.#investigation));
    const { message, stopped } = await this.#investigate();
    if (!message) return this.#result(null, [stopped, "no report could be had within what was left"]);
    const answer = readAnswer(message);
    const failures = answer.draft ? this.#investigation.check(answer.draft) : [];
    if (answer.draft && failures.length === 0) return this.#result(answer.draft, [stopped]);
    return this.#repair(message, answer, failures, stopped);
  }

  /** Turn by turn, until the model answers, or a budget is spent and it is asked to. */
  async #investigate(): Promise<Ending> {
    let cutOff = 0;
    for (;;) {
      const spent = this.#budget.spent ?? (cutOff > 1 ? "its answers were cut off twice" : undefined);
      if (spent) return { message: await this.#close(spent), stopped: spent };
      this.#budget.startTurn();
      this.#investigation.progress(`the model is thinking (turn ${this.#budget.turn} of ${this.#config.limits.turns})`);
      const message = await this.#session.ask("investigate", this.#conversation);
      if (!message) continue; // the working time is over, which the budget now says
      const calls = message.content.filter((block) => block.type === "tool_use");
      switch (message.stop_reason) {
        case "max_tokens":
          // A call that was cut off may ask for something else than was meant, so none of it is kept.
          cutOff += 1;
          this.#conversation.sayText(CUT_OFF_MESSAGE);
          continue;
        case "refusal":
        case "model_context_window_exceeded":
          throw new EngineUnavailable(noAnswer(message));
        case "pause_turn":
          this.#conversation.heard(message); // sent back as it is, the model goes on
          continue;
        default:
          if (calls.length === 0) return { message, stopped: undefined };
          this.#conversation.heard(message);
          this.#conversation.say(...(await this.#calls.run(calls, this.#budget.working)));
      }
    }
  }

  /** The last request of a spent budget: no more tools, the report from what is known. */
  async #close(why: string): Promise<Anthropic.Message | undefined> {
    if (!this.#budget.allowsReport) return undefined;
    this.#investigation.progress(`${why}; asking for the report from what is known`);
    this.#conversation.sayText(closingMessage(why));
    const message = await this.#session.ask("close", this.#conversation);
    return message && isFinal(message) ? message : undefined;
  }

  /** One more request that names what failed; whatever fails again is the verifier's to cut. */
  async #repair(
    message: Anthropic.Message,
    answer: Answer,
    failures: readonly Failure[],
    stopped: string | undefined,
  ): Promise<EngineResult> {
    const first = answer.draft;
    if (!this.#budget.allowsReport) {
      return this.#result(first, [stopped, "no budget was left to repair the report"], false);
    }
    this.#investigation.progress("the report did not check out; asking for a correction");
    this.#conversation.heard(message);
    this.#conversation.sayText(answer.draft ? repairMessage(failures) : invalidMessage(answer.problems));
    let second: Draft | null = null;
    let failed: string | undefined;
    try {
      const repaired = await this.#session.ask("repair", this.#conversation);
      if (repaired && isFinal(repaired)) second = readAnswer(repaired).draft;
    } catch (error) {
      if (!(error instanceof EngineUnavailable && first)) throw error;
      failed = error.message;
    }
    const draft = second ?? first;
    if (!draft) return this.#result(null, [stopped, "the model's answer did not fit the report's schema, twice"]);
    if (!second)
      return this.#result(draft, [stopped, `the report could not be repaired${failed ? `: ${failed}` : ""}`], false);
    return this.#result(draft, [stopped]);
  }

  #result(draft: Draft | null, notes: readonly (string | undefined)[], finished = true): EngineResult {
    const said = [...notes, ...this.#calls.notes].filter((note) => note !== undefined);
    const stopped = notes[0] !== undefined;
    return {
      draft,
      model: this.#config.model,
      complete: draft !== null && finished && !stopped,
      note: said.length > 0 ? said.join("; ") : null,
      usage: this.#session.usage,
      requests: this.#session.requests,
    };
  }
}

/** Whether the message ended by itself, so that its text is whole. */
const isFinal = ({ stop_reason }: Anthropic.Message): boolean =>
  stop_reason === "end_turn" || stop_reason === "stop_sequence" || stop_reason === null;

function noAnswer({ stop_reason, stop_details }: Anthropic.Message): string {
  if (stop_reason !== "refusal") return "the model's context window is full";
  return `the model refused to answer${stop_details?.category ? ` (${stop_details.category})` : ""}`;
}
