import { setTimeout as sleep } from "node:timers/promises";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { numbered } from "./named.ts";
import type { SnowflakeSession } from "./session.ts";
import { literal } from "./sql.ts";

/** A statement that takes longer than this may be waiting for its warehouse: then, and as often, it is asked. */
const LOOK_AFTER_MS = 2_500;

/** Snowflake as a warehouse. `running` is the warehouse that statements run on, where it is known. */
export function snowflakeWarehouse(name: string, session: SnowflakeSession, running: string | undefined): Warehouse {
  return {
    name,
    query: async (sql, values, { signal, waitingFor }) => {
      const { sqlText, binds } = numbered(sql, values);
      const done = new AbortController();
      if (running !== undefined) {
        const look = AbortSignal.any([signal, done.signal]);
        void watch(session, running, look, waitingFor).catch(() => {}); // what it cannot tell, it does not tell
      }
      try {
        return await session.run(sqlText, binds, signal);
      } finally {
        done.abort();
      }
    },
    close: () => session.close(),
  };
}

/** Says that the warehouse is starting while it does. Asking that needs no warehouse. */
async function watch(
  session: SnowflakeSession,
  warehouse: string,
  signal: AbortSignal,
  waitingFor: (what: string | undefined) => void,
): Promise<void> {
  for (;;) {
    await pause(LOOK_AFTER_MS, signal);
    const state = await stateOf(session, warehouse, signal);
    if (signal.aborted) return;
    waitingFor(state === "STARTED" ? undefined : `warehouse ${warehouse} is starting`);
    if (state === "STARTED") return;
  }
}

async function stateOf(session: SnowflakeSession, warehouse: string, signal: AbortSignal): Promise<string> {
  const rows = await session.run(`SHOW WAREHOUSES LIKE ${literal(warehouse)}`, [], signal);
  const row = rows.find(({ name }) => String(name).toUpperCase() === warehouse.toUpperCase());
  return row === undefined ? "STARTED" : String(row["state"]).toUpperCase();
}

/** Let go of with the call, and leaves nothing behind on its signal. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
