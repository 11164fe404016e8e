import type { Claimed } from "./case-store.ts";
import type { Arrived, ClaimParts } from "./claim-parts.ts";
import { wakeCase } from "./due.ts";
import { at, endOf, type MemberRecord, readItem } from "./items.ts";

/** Alerts of a group clear one after the other. */
export const RESOLVE_PAUSE_MS = 10_000;

/** An alert has cleared: that of its own start, or the last one of its fingerprint, since CloudWatch tells only when it cleared. */
export async function claimResolved(parts: ClaimParts, { incident, start, receivedAt }: Arrived): Promise<Claimed> {
  const { table, now } = parts;
  const exact = await table.read(at.alert(incident.fingerprint, start));
  const [latest] = exact
    ? [exact]
    : await table.range(at.alert(incident.fingerprint, 0).partition, { descending: true, limit: 1 });
  if (!latest) return { outcome: "ignored", caseId: null, wakeAt: null };
  const record = readItem("alert", latest.value);
  const caseId = record.case_id;
  const prefix = at.memberPrefix(incident.fingerprint, Date.parse(record.incident.started_at));
  const members = await table.range(at.case(caseId).partition, { from: prefix, below: endOf(prefix) });
  const own = at.member(caseId, { ...incident, started_at: record.incident.started_at });
  const named = members.filter(({ sort }) => sort === own.sort);
  const resolvedAt = exact ? receivedAt : start;
  let changed = false;
  for (const member of named.length > 0 ? named : members) {
    const { alert } = readItem("member", member.value);
    if (alert.resolved_at !== null) continue;
    const value = JSON.stringify({
      schema_version: 1,
      alert: { ...alert, resolved_at: resolvedAt },
    } satisfies MemberRecord);
    // Whoever changed it meanwhile said the same, or that it is back, which is newer.
    changed =
      (await table.write([{ kind: "replace", item: { ...member, value }, version: member.version }])) || changed;
  }
  if (!changed) return { outcome: "repeat", caseId, wakeAt: null };
  const wakeAt = now() + RESOLVE_PAUSE_MS;
  await wakeCase(table, caseId, wakeAt);
  return { outcome: "resolved", caseId, wakeAt };
}
