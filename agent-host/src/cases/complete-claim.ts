import type { CaseAlert } from "./case.ts";
import type { Write } from "./case-table.ts";
import type { Arrived, ClaimParts, Destination } from "./claim-parts.ts";
import { at, type MemberRecord, readItem } from "./items.ts";
import { modeOf } from "./mode-of.ts";
import { newCase } from "./new-case.ts";

/** Writes what is missing of an alert and its case, the member last: where it is, everything is. */
export async function completeClaim(
  parts: ClaimParts,
  { incident, service, start, receivedAt }: Arrived,
  { id, backOf, widespread }: Destination,
  hasRecord: boolean,
): Promise<boolean> {
  const { table, now, keepMs } = parts;
  const expiresAt = now() + keepMs;
  const existing = await table.read(at.case(id));
  const openedAt = existing ? readItem("case", existing.value).opened_at : now();
  const writes: Write[] = [];
  if (!hasRecord) {
    const value = JSON.stringify({ schema_version: 1, case_id: id, incident });
    writes.push({ kind: "create", item: { ...at.alert(incident.fingerprint, start), value, expiresAt } });
  }
  if (!existing) {
    const opened = newCase({
      id,
      incident,
      service,
      start,
      now: openedAt,
      mode: modeOf(parts, service),
      backOf,
      widespread,
    });
    const due = JSON.stringify({ schema_version: 1, due_at: openedAt });
    writes.push(
      { kind: "put", item: { ...at.due(id), value: due, expiresAt } },
      { kind: "create", item: { ...at.case(id), value: JSON.stringify(opened), expiresAt } },
    );
  }
  writes.push({ kind: "put", item: { ...at.listed(openedAt, id), value: JSON.stringify({ id }), expiresAt } });
  const alert: CaseAlert = {
    fingerprint: incident.fingerprint,
    name: incident.alert,
    service: service ?? incident.service,
    severity: incident.severity,
    summary: incident.summary,
    started_at: start,
    resolved_at: null,
    received_at: receivedAt,
  };
  const member = JSON.stringify({ schema_version: 1, alert } satisfies MemberRecord);
  writes.push({ kind: "put", item: { ...at.member(id, incident), value: member, expiresAt } });
  return table.write(writes);
}
