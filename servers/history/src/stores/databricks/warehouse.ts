import { setTimeout as sleep } from "node:timers/promises";
import { CouldNotLook } from "@oncall-copilot/core";
import { HttpRefusal } from "@oncall-copilot/core/backend";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { DatabricksNames } from "./names.ts";
import { type AskState, isStarting, type State } from "./state.ts";
import type { Statements } from "./statements.ts";

/** A statement that takes longer than this may be waiting for its warehouse: then, and as often, it is asked. */
const LOOK_AFTER_MS = 1_000;
/** Between two tries to get into a warehouse that refuses while it starts. */
const TRY_AGAIN_MS = 1_500;

/** A SQL warehouse of Databricks. One that sleeps starts by itself at the first session; that takes seconds to minutes. */
export function databricksWarehouse(names: DatabricksNames, runs: Statements, ask: AskState): Warehouse {
  return {
    name: names.name,
    query: async (sql, values, { signal, waitingFor }) => {
      const done = new AbortController();
      const look = AbortSignal.any([signal, done.signal]);
      let isPending = false;
      const watching = watch(() => isPending, names, ask, look, waitingFor).catch(() => {});
      const pending = (is: boolean) => {
        isPending = is;
      };
      try {
        for (;;) {
          try {
            return await runs.run(sql, values, { signal, pending });
          } catch (error) {
            const state = await startOf(error, ask, look);
            if (state === undefined) throw error;
            waitingFor(`${state.compute} is starting`);
            await pause(TRY_AGAIN_MS, signal);
          }
        }
      } finally {
        done.abort();
        await watching;
      }
    },
    close: () => runs.close(),
  };
}

/** Says what is waited for, while it is. Without the right to see the warehouse, only that the statement has not begun. */
async function watch(
  isPending: () => boolean,
  { compute }: DatabricksNames,
  ask: AskState,
  signal: AbortSignal,
  waitingFor: (what: string | undefined) => void,
): Promise<void> {
  for (;;) {
    await pause(LOOK_AFTER_MS, signal);
    const state = await ask?.(signal).catch(() => undefined);
    if (signal.aborted) return;
    if (state && isStarting(state)) waitingFor(`${state.compute} is starting`);
    else if (!isPending()) waitingFor(undefined);
    else if (state) waitingFor(`the statement waits for a free place in ${state.compute}`);
    else waitingFor(`the statement waits for ${compute}, which may be starting`);
  }
}

/** A warehouse that starts may refuse sessions until it has; undefined when an error is no such refusal. */
async function startOf(error: unknown, ask: AskState, signal: AbortSignal): Promise<State | undefined> {
  if (signal.aborted || !(error instanceof HttpRefusal) || error.status !== 503) return undefined;
  const state = await ask?.(signal).catch((failure: unknown) => {
    if (failure instanceof CouldNotLook) return undefined;
    throw failure;
  });
  return state && isStarting(state) ? state : undefined;
}

/** Let go of with the call, and leaves nothing behind on its signal. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
