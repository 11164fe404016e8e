import type { Incident } from "@oncall-copilot/core";
import { resolveService } from "../intake/resolve-service.ts";
import { type Claimed, type ClaimOptions, StoreUnavailable } from "./case-store.ts";
import type { StoredItem } from "./case-table.ts";
import type { Arrived, ClaimParts } from "./claim-parts.ts";
import { claimResolved } from "./claim-resolved.ts";
import { completeClaim } from "./complete-claim.ts";
import { destinationOf } from "./destination.ts";
import { wakeCase } from "./due.ts";
import { at, type MemberRecord, readItem } from "./items.ts";

/** A message that counts a storm's alerts is changed at most this often. */
export const FOLD_PAUSE_MS = 30_000;
/** Claims that change the same storm take turns; each turn is a write or two. */
const MAX_TRIES = 60;

/**
 * Makes an alert part of one case. Each step is one item under a condition, in an order that may be cut off anywhere: whoever delivers the
 * alert again, or folds another into the same case, completes what is missing.
 */
export async function claimAlert(parts: ClaimParts, incident: Incident, options: ClaimOptions): Promise<Claimed> {
  const receivedAt = options.receivedAt ?? parts.now();
  const start = Date.parse(incident.started_at);
  const arrived = { incident, start, receivedAt, service: resolveService(incident, parts.catalog).service };
  if (incident.status === "resolved") return claimResolved(parts, arrived);
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    if (attempt > 0) await pause(attempt);
    const claimed = await tryClaim(parts, arrived);
    if (claimed) return claimed;
  }
  throw new StoreUnavailable(`${parts.table.name}: other deliveries came first ${MAX_TRIES} times; deliver it again`);
}

/** Null when another delivery was faster somewhere: what it wrote is read and gone by. */
async function tryClaim(parts: ClaimParts, arrived: Arrived): Promise<Claimed | null> {
  const { table, now } = parts;
  const { incident, start } = arrived;
  const known = await table.read(at.alert(incident.fingerprint, start));
  if (known) {
    const caseId = readItem("alert", known.value).case_id;
    const member = await table.read(at.member(caseId, incident));
    if (member) return firesAgain(parts, caseId, member);
    const whole = await completeClaim(
      parts,
      arrived,
      { id: caseId, outcome: "folded", backOf: null, widespread: false },
      true,
    );
    return whole ? { outcome: "repeat", caseId, wakeAt: now() } : null;
  }
  const destination = await destinationOf(parts, arrived);
  if (!destination || !(await completeClaim(parts, arrived, destination, false))) return null;
  const { id, outcome } = destination;
  if (outcome === "new") return { outcome, caseId: id, wakeAt: now() };
  const wakeAt = now() + (outcome === "back" ? 0 : FOLD_PAUSE_MS);
  await wakeCase(table, id, wakeAt);
  return { outcome, caseId: id, wakeAt };
}

/** The same alert once more: a repeat, unless it had cleared. */
async function firesAgain({ table, now }: ClaimParts, caseId: string, member: StoredItem): Promise<Claimed | null> {
  const { alert } = readItem("member", member.value);
  if (alert.resolved_at === null) return { outcome: "repeat", caseId, wakeAt: null };
  const value = JSON.stringify({ schema_version: 1, alert: { ...alert, resolved_at: null } } satisfies MemberRecord);
  if (!(await table.write([{ kind: "replace", item: { ...member, value }, version: member.version }]))) return null;
  await wakeCase(table, caseId, now());
  return { outcome: "back", caseId, wakeAt: now() };
}

const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, 200)));
