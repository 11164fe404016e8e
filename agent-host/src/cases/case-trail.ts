import type { AuditTrail } from "../audit/audit-trail.ts";
import { GENESIS, parseEntry } from "../audit/chain.ts";
import { type ChainEnd, nextEntry, redacted } from "../audit/next-entry.ts";
import { StoreUnavailable } from "./case-store.ts";
import type { CaseTable } from "./case-table.ts";

const MAX_TRIES = 40;
const partitionOf = (caseId: string): string => `audit#${caseId}`;
const sortOf = (sequence: number): string => String(sequence).padStart(9, "0");

/**
 * The audit trail of a case, one item an entry, each written under the condition that its place is free: whichever processes and machines
 * write to it, there is one chain.
 */
export async function openCaseTrail(table: CaseTable, caseId: string, expiresAt: number | null): Promise<AuditTrail> {
  const partition = partitionOf(caseId);
  const newest = async (): Promise<ChainEnd> => {
    const [last] = await table.range(partition, { descending: true, limit: 1 });
    if (!last) return { head: GENESIS, entries: 0 };
    const { hash, seq } = parseEntry(last.value);
    return { head: hash, entries: seq };
  };
  let end = await newest();
  let last: Promise<void> = Promise.resolve();
  const write = async (...[type, data]: Parameters<AuditTrail["append"]>): Promise<void> => {
    const clean = await redacted(data);
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const entry = nextEntry(end, type, clean);
      const item = { partition, sort: sortOf(entry.seq), value: JSON.stringify(entry), expiresAt };
      if (await table.write([{ kind: "create", item }])) {
        end = { head: entry.hash, entries: entry.seq };
        return;
      }
      end = await newest(); // another process came first: the entry goes after its
    }
    throw new StoreUnavailable(`the audit trail of case ${caseId} was written to by others ${MAX_TRIES} times`);
  };
  return {
    append: (type, data) => {
      const next = last.then(() => write(type, data));
      last = next.catch(() => {}); // the caller of the failed append is told; the next one may still succeed
      return next;
    },
    head: () => end.head,
  };
}

/** The whole trail as JSON Lines, as a file of it would be. Empty when there is none. */
export async function caseTrailText(table: CaseTable, caseId: string): Promise<string> {
  const items = await table.range(partitionOf(caseId));
  return items.map(({ value }) => `${value}\n`).join("");
}
