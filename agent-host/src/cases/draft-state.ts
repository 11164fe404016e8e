import type { Case } from "./case.ts";

const MINUTE_MS = 60_000;
const MIN_GAP_MS = MINUTE_MS;
const MAX_GAP_MS = 6 * 3_600_000;
/** A draft that nobody has merged or closed by then is not looked at any more. */
export const MAX_WATCH_MS = 14 * 24 * 3_600_000;

/** Whether people have merged or closed it, or had it closed. */
export function isDraftOver({ decisions, events }: Case): boolean {
  return (
    events.some(({ kind }) => kind === "pull_request_merged" || kind === "pull_request_closed") ||
    decisions.some(({ decision, carried_out_at: done }) => decision.verb === "reject" && done !== null)
  );
}

/**
 * When a draft that is open is looked at next, in epoch milliseconds: at growing distances since it was opened or last decided on, and at
 * once when the alerts have cleared, since that may be its merge. Null when there is none, or it is over.
 */
export function nextDraftLook(one: Case): number | null {
  const { pull_request, settled_at, resolved_at, draft_looked_at: last, decisions } = one;
  if (pull_request === null || settled_at === null || isDraftOver(one)) return null;
  const since = Math.max(settled_at, ...decisions.flatMap(({ carried_out_at: at }) => at ?? []));
  if (last === null || last < since) return since + MIN_GAP_MS;
  if (resolved_at !== null && last < resolved_at) return resolved_at;
  const next = last + Math.min(Math.max((last - since) / 2, MIN_GAP_MS), MAX_GAP_MS);
  return next - since > MAX_WATCH_MS ? null : next;
}
