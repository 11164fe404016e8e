import { CouldNotLook } from "@oncall-copilot/core";
import { Circuit } from "@oncall-copilot/core/backend";
import type { ReadOptions } from "../../store.ts";
import type { QueryOptions } from "./warehouse.ts";

/** Runs what asks a warehouse, within a time limit. */
export type Limited = <T>(options: ReadOptions, work: (options: QueryOptions) => Promise<T>) => Promise<T>;

/** A call's deadline unless the configuration sets another, in seconds; the tool's own. */
const DEADLINE_SECONDS = 30;
/** The warehouse must have failed before the deadline has passed: only then is it said who did not answer. */
const SHARE_OF_DEADLINE = 0.8;

/** Milliseconds that a warehouse may take of a call. */
export const timeFor = (deadlineSeconds: number | undefined): number =>
  1000 * SHARE_OF_DEADLINE * (deadlineSeconds ?? DEADLINE_SECONDS);

/**
 * Gives each question so many milliseconds, and asks a warehouse that is down no more for a while. A warehouse that has to start
 * is not down: it is told as progress, and a start that takes longer than the question may take is said to be one.
 */
export function limited(name: string, limitMs: number): Limited {
  const circuit = new Circuit(name);
  return async (asked, work) => {
    asked.signal.throwIfAborted();
    circuit.enter();
    let waiting: string | undefined;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(tooLate(name, limitMs, waiting)), limitMs);
    const signal = AbortSignal.any([asked.signal, late.signal]);
    const waitingFor = (what: string | undefined) => {
      if (what !== undefined && what !== waiting) asked.progress(what);
      waiting = what;
    };
    try {
      const answer = await Promise.race([work({ ...asked, signal, waitingFor }), aborted(signal)]);
      circuit.succeeded();
      return answer;
    } catch (error) {
      if (asked.signal.aborted) throw asked.signal.reason;
      const failure: unknown = late.signal.aborted ? late.signal.reason : error;
      if (failure instanceof CouldNotLook && waiting === undefined) circuit.failed(failure);
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  };
}

function tooLate(name: string, limitMs: number, waiting: string | undefined): CouldNotLook {
  const seconds = Math.round(limitMs / 100) / 10;
  const cure =
    waiting === undefined
      ? "see whether it is overloaded, or raise ONCALL_TIMEOUT_SECONDS"
      : "ask again in a minute, when it has started, or raise ONCALL_TIMEOUT_SECONDS";
  const what = waiting === undefined ? "" : `: ${waiting}`;
  return new CouldNotLook("timed_out", `${name} did not answer within ${seconds} s${what}`, {
    cure,
  });
}

/** Rejects when the signal aborts: a driver may take its time to notice. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
