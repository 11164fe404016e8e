import type { MadeReport } from "./report-store.ts";

/** The port for the engineer's message: a terminal, a chat card, a webhook. */
export interface Messenger {
  /** Called once for each report, before it is kept: what cannot be stored must still reach the engineer. */
  send(made: MadeReport): Promise<void>;
}
