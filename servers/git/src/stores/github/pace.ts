import { setTimeout as sleep } from "node:timers/promises";

/** As the throttling plugin asks for its turns: one group of limiters, by the client's id. */
export interface Pace {
  key(id: string): { schedule<T>(options: object, job: (...given: never[]) => T, ...given: never[]): Promise<T> };
}

/** Lets one in, then nobody for a while. GitHub wants a second between writes, and counts faster ones as abuse. */
export function pace(pauseMs: number): Pace {
  let free = 0;
  const turn = {
    schedule: async <T>(_: object, job: (...given: never[]) => T, ...given: never[]): Promise<T> => {
      const now = performance.now();
      const at = Math.max(now, free);
      free = at + pauseMs;
      if (at > now) await sleep(at - now);
      return job(...given);
    },
  };
  return { key: () => turn };
}
