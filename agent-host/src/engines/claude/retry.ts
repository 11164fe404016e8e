import { setTimeout as sleep } from "node:timers/promises";
import { isPassing, retryAfterMs } from "./failure.ts";

/** The first pause before a request is made again; each further one is twice as long. Milliseconds. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 20_000;
/** So many failures in a row, and the service counts as away. */
const MAX_FAILURES = 6;
/** Up to this part of a pause is left out, so that many callers do not come back at one moment. */
const JITTER_PART = 0.2;

/**
 * How long one investigation waits for a model that fails for a moment: what `Retry-After` says, else
 * exponential backoff with jitter, until the allowance is used up. What went well in between does not fill it again.
 */
export class Patience {
  #leftMs: number;
  #failures = 0;

  constructor(allowanceMs: number) {
    this.#leftMs = allowanceMs;
  }

  /** A request was answered: the next pause is a short one again. */
  answered(): void {
    this.#failures = 0;
  }

  /** The milliseconds to wait before the request is made again, or undefined when the error will not pass, or not soon enough. */
  pauseAfter(error: unknown): number | undefined {
    if (!isPassing(error) || this.#failures + 1 >= MAX_FAILURES) return undefined;
    const backoff = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, MAX_PAUSE_MS);
    const pause = retryAfterMs(error) ?? backoff * (1 - JITTER_PART * Math.random());
    if (pause > this.#leftMs) return undefined;
    this.#failures += 1;
    this.#leftMs -= pause;
    return pause;
  }
}

/** Waits; false when the signal ended it. */
export async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
