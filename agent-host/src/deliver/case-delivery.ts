import type { Report } from "@oncall-copilot/core";
import type { Case } from "../cases/case.ts";
import type { CaseAlerts } from "../cases/case-store.ts";

/** Everything that a case's message may show. */
export interface CaseView {
  readonly case: Case;
  readonly alerts: CaseAlerts;
  /** The final report, or the one of the last look; null while there is none. */
  readonly report: Report | null;
}

/**
 * Where the one message of a case goes. Whoever calls it may be killed at any moment and is followed by another, so that the same message
 * may be asked for again: the case's id is its key.
 */
export interface CaseDelivery {
  readonly name: string;
  /**
   * Posts the message. With `mayBePosted`, an earlier attempt was begun and nobody knows how it ended: what lies there under this case's id is
   * looked for first, changed and returned.
   *
   * @returns what `update` needs to find it again.
   */
  post(view: CaseView, options: { readonly mayBePosted: boolean; readonly signal: AbortSignal }): Promise<string>;
  /** Changes the message in place. */
  update(ref: string, view: CaseView, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** The message could not be delivered. With `retryAt` (epoch milliseconds) it is worth another try then. */
export class DeliveryFailed extends Error {
  override readonly name = "DeliveryFailed";
  constructor(
    message: string,
    readonly retryAt: number | null,
  ) {
    super(message);
  }
}
