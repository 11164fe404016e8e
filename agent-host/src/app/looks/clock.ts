import { setTimeout as sleep } from "node:timers/promises";

/** Time as a look sees it. Epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves at `at` or after. @throws the signal's reason when it aborts. */
  until(at: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  until: async (at, signal) => {
    signal.throwIfAborted();
    const ms = Math.max(0, at - Date.now());
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};

/** A recording's time: it stands still while a look lasts, and jumps to the next. */
export function replayClock(start: number): Clock {
  let now = start;
  return {
    now: () => now,
    until: async (at, signal) => {
      signal.throwIfAborted();
      now = Math.max(now, at);
    },
  };
}
