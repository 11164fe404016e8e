import { randomBytes } from "node:crypto";
import type { Lease } from "./case.ts";
import type { Taken } from "./case-store.ts";
import type { CaseTable } from "./case-table.ts";
import { changeCase } from "./change.ts";
import { markTaken, settleDue } from "./due.ts";
import { at, readItem } from "./items.ts";

/** How long a worker may be silent before another takes its case over. */
export const LEASE_MS = 120_000;
/** It renews its lease this often. */
export const RENEW_MS = 40_000;

/** Null when another worker's lease holds, or there is no such case. */
export async function takeCase(
  table: CaseTable,
  now: () => number,
  id: string,
  worker: string,
  leaseMs: number,
): Promise<Taken | null> {
  const item = await table.read(at.case(id));
  if (!item) {
    await table.write([{ kind: "remove", key: at.due(id), version: null }]);
    return null;
  }
  const current = readItem("case", item.value);
  if (current.lease !== null && current.lease.until > now()) return null;
  const token = randomBytes(12).toString("base64url");
  const lease: Lease = { case_id: id, worker, token, until: now() + leaseMs };
  const taken = { ...current, lease };
  const value = JSON.stringify(taken);
  if (!(await table.write([{ kind: "replace", item: { ...item, value }, version: item.version }]))) return null;
  await markTaken(table, id, lease.until);
  return { case: taken, lease };
}

/** @throws LeaseLost */
export async function renewLease(table: CaseTable, now: () => number, lease: Lease, leaseMs: number): Promise<Lease> {
  const renewed: Lease = { ...lease, until: now() + leaseMs };
  await changeCase(table, now, lease.case_id, (current) => ({ ...current, lease: renewed }), lease);
  await settleDue(table, lease.case_id, lease.until, renewed.until);
  return renewed;
}

/** @throws LeaseLost */
export async function giveBackCase(
  table: CaseTable,
  now: () => number,
  lease: Lease,
  dueAt: number | null,
): Promise<number | null> {
  const { case_id: id } = lease;
  let until = lease.until;
  await changeCase(
    table,
    now,
    id,
    (current) => {
      until = current.lease?.until ?? until;
      return { ...current, lease: null };
    },
    lease,
  );
  return settleDue(table, id, until, dueAt);
}
