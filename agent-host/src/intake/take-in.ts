import { type Incident, readPayload } from "@oncall-copilot/core";
import type { CaseStore, Claimed } from "../cases/case-store.ts";
import { cleanIncident } from "./clean-incident.ts";

/** How many alerts of one payload are claimed at once. */
const MAX_AT_ONCE = 50;

/** What intake needs of whoever keeps cases and whoever works on them. */
export interface IntakePorts {
  readonly cases: Pick<CaseStore, "claim">;
  /** Has a case looked at from this instant (epoch milliseconds) on. What is lost here is found again in what is due. */
  wake(caseId: string, at: number): Promise<void>;
}

export interface TakenIn {
  readonly alerts: readonly { readonly incident: Incident; readonly claimed: Claimed }[];
  /** What of the payload was no alert, and why. */
  readonly ignored: readonly string[];
}

/**
 * The one way of every alert: out of its envelopes, redacted, durable, and somebody told. When it resolves, nothing is lost any
 * more. Delivered again, the same alert is the same case.
 *
 * @throws AlertError when the payload is no alert; StoreUnavailable when it must be delivered again
 */
export async function takeIn(payload: unknown, ports: IntakePorts, receivedAt: number): Promise<TakenIn> {
  const { incidents, ignored } = readPayload(payload);
  const alerts: { incident: Incident; claimed: Claimed }[] = [];
  for (let from = 0; from < incidents.length; from += MAX_AT_ONCE) {
    const some = incidents.slice(from, from + MAX_AT_ONCE).map(async (one) => {
      const incident = await cleanIncident(one);
      return { incident, claimed: await ports.cases.claim(incident, { receivedAt }) };
    });
    alerts.push(...(await Promise.all(some)));
  }
  const due = new Map<string, number>();
  for (const { caseId, wakeAt } of alerts.map(({ claimed }) => claimed)) {
    if (caseId !== null && wakeAt !== null) due.set(caseId, Math.min(due.get(caseId) ?? wakeAt, wakeAt));
  }
  await Promise.all([...due].map(([caseId, at]) => ports.wake(caseId, at)));
  return { alerts, ignored };
}
