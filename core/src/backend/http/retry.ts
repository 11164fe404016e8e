import type { CouldNotLook } from "../../outcome.ts";
import { HttpRefusal } from "./failure.ts";

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 150;
/** A backend that asks for a longer pause than this gets it from whoever asks again. */
const LONGEST_PAUSE_MS = 2_000;

/** How long to wait before the next attempt, with jitter; undefined when another attempt would not help or harm. */
export function pauseAfter(failure: CouldNotLook, attempt: number): number | undefined {
  const wanted = failure instanceof HttpRefusal ? failure.retryAfterMs : undefined;
  const passing = failure.reason === "unreachable" || failure.reason === "rate_limited" || isBroken(failure);
  if (attempt >= ATTEMPTS || !passing) return undefined;
  const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  if (wanted === undefined) return failure.reason === "rate_limited" ? pause * 4 : pause;
  return wanted > LONGEST_PAUSE_MS ? undefined : Math.max(wanted, pause);
}

const isBroken = ({ cause }: CouldNotLook) => cause instanceof Error && cause.name === "BrokenOff";

/** A connection that took too long once will again, and certificates do not change by waiting. */
export const isFinal = ({ cause }: CouldNotLook): boolean =>
  cause instanceof Error &&
  (cause.name === "Stalled" || /CERT|TLS|SSL|EPROTO|ISSUER|LEAF/.test(String((cause as NodeJS.ErrnoException).code)));
