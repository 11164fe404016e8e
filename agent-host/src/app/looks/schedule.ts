const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** When a page is looked at again after its first look, in milliseconds after the alert: growing distances, the last being the end. */
export const LOOKS_AFTER_ALERT_MS = [30 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS] as const;

/** Nearer to the look before than this, one more has nothing new to see: a scrape interval is 15 s. */
const MIN_DISTANCE_MS = 15 * SECOND_MS;

/** Where a look of a replay that follows an incident begins: a webhook delivers within seconds. */
export const FIRST_LOOK_AFTER_ALERT_MS = 10 * SECOND_MS;

/** When a model that stayed away is tried again, in milliseconds after it was first missed. */
export const MODEL_TRIES_AFTER_MS = [MINUTE_MS, 3 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS] as const;

/** The next look at an alert of `alertAt` after one that stood for `asOf`; null when that was the last. Epoch milliseconds. */
export function nextLookAt(alertAt: number, asOf: number): number | null {
  const next = LOOKS_AFTER_ALERT_MS.map((after) => alertAt + after).find((at) => at - asOf >= MIN_DISTANCE_MS);
  return next ?? null;
}

/** When a model that is away since `since` is tried next, not before `retryAt` (what it asked for); null when it is given up. */
export function nextModelTryAt(since: number, asOf: number, retryAt: number | null): number | null {
  const due = MODEL_TRIES_AFTER_MS.map((after) => since + after);
  const next = due.find((at) => at > asOf);
  const last = due.at(-1) ?? since;
  if (next === undefined) return null;
  if (retryAt === null || retryAt <= next) return next;
  return retryAt <= last ? retryAt : null;
}
