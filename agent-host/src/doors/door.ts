import type { IncomingHttpHeaders } from "node:http";

/** A delivery before anybody believes it. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  /** Byte for byte as it was sent: signatures are over this. */
  readonly body: Buffer;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What a door makes of a delivery that it let in: a payload for intake, or nothing more to do. */
export type Admitted =
  | { readonly kind: "payload"; readonly payload: unknown }
  | { readonly kind: "done"; readonly what: string };

/** One way in. It knows whom to let in, and nothing of what becomes of an alert. */
export interface Door {
  /** For metrics and messages: `alertmanager`, `grafana`, `sns`, `pagerduty`. */
  readonly name: string;
  readonly path: string;
  /** @throws Unauthorized when it is not who it should be, and AlertError when the body is nothing that could be read */
  admit(delivery: Delivery): Promise<Admitted>;
}

/** Whoever knocks is not let in. The message says what to send, and nothing of what was wrong with what was sent. */
export class Unauthorized extends Error {
  override readonly name = "Unauthorized";
}
