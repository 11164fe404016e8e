import type { Usage } from "../engine.ts";
import type { ClaudeLimits } from "./config.ts";

/** Fewest tokens with which asking for a report makes sense. */
const MIN_TOKENS = 1_000;

/** Fewest seconds with which asking for a report makes sense, as a part of the whole and at most. */
const MIN_SECONDS = { part: 0.05, most: 10 } as const;

/** What is kept back for the closing request, as a part of the whole and at most. */
const RESERVED_SECONDS = { part: 0.3, most: 90 } as const;
const RESERVED_TOKENS_PART = 0.3;

const atMost = ({ part, most }: { part: number; most: number }, whole: number) => Math.min(part * whole, most);

/**
 * Turns, tokens and seconds of one investigation. A part of the tokens and seconds is kept back, so that a spent budget
 * still ends in a report.
 */
export class Budget {
  readonly #limits: ClaudeLimits;
  readonly #startedAt = performance.now();
  readonly #working = new AbortController();
  readonly #closing = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];
  #turns = 0;
  #tokens = 0;

  constructor(limits: ClaudeLimits) {
    this.#limits = limits;
    const { seconds } = limits;
    const reserved = atMost(RESERVED_SECONDS, seconds);
    this.#timers = [
      setTimeout(() => this.#working.abort(), (seconds - reserved) * 1000),
      setTimeout(() => this.#closing.abort(), seconds * 1000),
    ];
  }

  /** Aborts when only the seconds for closing are left. */
  get working(): AbortSignal {
    return this.#working.signal;
  }

  /** Aborts when no second is left. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Why the investigation must come to its end now, or undefined when it may go on. */
  get spent(): string | undefined {
    const { turns, tokens, seconds, outputTokens } = this.#limits;
    if (this.#working.signal.aborted) return `the budget of ${seconds} seconds is spent`;
    if (this.#turns >= turns) return `the budget of ${turns} turns is spent`;
    const reserved = Math.min(outputTokens, tokens * RESERVED_TOKENS_PART);
    if (this.#tokensLeft <= reserved) return `the budget of ${tokens} tokens is spent`;
    return undefined;
  }

  /** Whether one more request for a report is possible within what is left. */
  get allowsReport(): boolean {
    const { seconds } = this.#limits;
    const left = seconds - (performance.now() - this.#startedAt) / 1000;
    return this.#tokensLeft >= MIN_TOKENS && left >= atMost(MIN_SECONDS, seconds);
  }

  /** The `max_tokens` of the next request. */
  get outputTokens(): number {
    return Math.max(MIN_TOKENS / 4, Math.min(this.#limits.outputTokens, this.#tokensLeft));
  }

  get turn(): number {
    return this.#turns;
  }

  startTurn(): void {
    this.#turns += 1;
  }

  spend(usage: Usage): void {
    this.#tokens += usage.input_tokens + usage.output_tokens;
  }

  /** Lets go of the timers. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  get #tokensLeft(): number {
    return this.#limits.tokens - this.#tokens;
  }
}
