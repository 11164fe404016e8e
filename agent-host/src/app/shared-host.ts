import { ServerPool } from "../tools/server-pool.ts";
import type { Settings } from "./settings.ts";
import { Turns } from "./turns.ts";

/** How long a process that serves keeps servers that nobody uses, in milliseconds. */
const IDLE_MS = 30_000;

/** What all triages of one process share, so that a storm does not start a set of servers for each alert. */
export interface SharedHost {
  readonly pool: ServerPool;
  readonly turns: Turns;
  close(): Promise<void>;
}

export function openSharedHost({ maxTriages, maxWaiting }: Settings): SharedHost {
  const pool = new ServerPool({ idleMs: IDLE_MS });
  return { pool, turns: new Turns({ most: maxTriages, waiting: maxWaiting }), close: () => pool.close() };
}
