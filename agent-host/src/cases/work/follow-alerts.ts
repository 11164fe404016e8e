import { formatDuration } from "@oncall-copilot/core";
import type { Case, CaseEvent } from "../case.ts";
import type { CaseAlerts } from "../case-store.ts";

/** Most events that a case keeps: the oldest go. */
const MAX_EVENTS = 100;

export const withEvent = (one: Case, event: CaseEvent): Case => ({
  ...one,
  events: [...one.events, event].slice(-MAX_EVENTS),
});

/** What its alerts did since: all cleared, or one fires again. Null when neither. */
export function followAlerts(one: Case, alerts: CaseAlerts, now: number): Case | null {
  if (alerts.total === 0) return null;
  if (alerts.firing === 0 && one.resolved_at === null) {
    const last = Math.max(...alerts.alerts.map(({ resolved_at }) => resolved_at ?? 0));
    const at = alerts.total > alerts.alerts.length ? now : last;
    const what = `after ${formatDuration(Math.max(at - one.alert.started_at, 0))}`;
    return withEvent({ ...one, resolved_at: at }, { at, kind: "resolved", what });
  }
  if (alerts.firing > 0 && one.resolved_at !== null) {
    const what = `${formatDuration(Math.max(now - one.resolved_at, 0))} after it had cleared`;
    return withEvent({ ...lookedAtAgain(one, now), resolved_at: null }, { at: now, kind: "back", what });
  }
  return null;
}

/** A case that was settled without a cause is looked at afresh when something of it fires again: there is more to see now. */
function lookedAtAgain(one: Case, now: number): Case {
  const found = one.looks.at(-1)?.culprit ?? null;
  if (one.state !== "settled" || found !== null || one.pull_request !== null) return one;
  const fresh = { settled_at: null, next_look_at: now, carry: null, attempt: null, final_report: null };
  return { ...one, ...fresh, state: "open", proposed: false };
}
