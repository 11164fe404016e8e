import type { DueCase } from "./case-store.ts";
import type { CaseTable, StoredItem } from "./case-table.ts";
import { at, readItem } from "./items.ts";

const MAX_TRIES = 40;

const dueText = (dueAt: number): string => JSON.stringify({ schema_version: 1, due_at: dueAt });

/** Has a case looked at by then, unless it is due earlier already. */
export async function wakeCase(table: CaseTable, id: string, dueAt: number): Promise<void> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const item = await table.read(at.due(id));
    if (item && readItem("due", item.value).due_at <= dueAt) return;
    const next = { ...at.due(id), value: dueText(dueAt), expiresAt: null };
    const done = await table.write([
      item ? { kind: "replace", item: next, version: item.version } : { kind: "create", item: next },
    ]);
    if (done) return;
  }
}

/** While a case is worked on, it is due when the lease runs out, should its worker die. Gives what tells whether somebody woke it since. */
export async function markTaken(table: CaseTable, id: string, until: number): Promise<void> {
  await table.write([{ kind: "put", item: { ...at.due(id), value: dueText(until), expiresAt: null } }]);
}

/**
 * Sets when a case is due next, or that it is not, unless something came since it was taken: that stays due.
 *
 * @returns when it is due; null when it is not.
 */
export async function settleDue(
  table: CaseTable,
  id: string,
  takenUntil: number,
  dueAt: number | null,
): Promise<number | null> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const item = await table.read(at.due(id));
    const found = item ? readItem("due", item.value).due_at : null;
    const woken = found !== null && found < takenUntil ? found : null;
    const next = dueAt === null ? woken : Math.min(dueAt, woken ?? dueAt);
    if (next === found) return next;
    if (await table.write([settled(id, item, next)])) return next;
  }
  return dueAt;
}

function settled(id: string, item: StoredItem | null, next: number | null) {
  const key = at.due(id);
  if (next === null) return { kind: "remove", key, version: item?.version ?? null } as const;
  const changed = { ...key, value: dueText(next), expiresAt: null };
  return item
    ? ({ kind: "replace", item: changed, version: item.version } as const)
    : ({ kind: "create", item: changed } as const);
}

/** The most urgent first. */
export async function dueCases(table: CaseTable): Promise<DueCase[]> {
  const items = await table.range(at.due("").partition);
  return items
    .map((item) => ({ id: item.sort, dueAt: readItem("due", item.value).due_at }))
    .sort((a, b) => a.dueAt - b.dueAt);
}
