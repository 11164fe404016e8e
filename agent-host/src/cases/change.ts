import { type Case, type CaseDecision, Case as CaseSchema, type Lease } from "./case.ts";
import { type CaseChange, CaseNotFound, DecisionRefused, LeaseLost, StoreUnavailable } from "./case-store.ts";
import type { CaseTable } from "./case-table.ts";
import { at, readItem } from "./items.ts";

const MAX_TRIES = 40;

/** Changes a case as it is at that moment, however many do so at once. With a lease, only while that holds. */
export async function changeCase(
  table: CaseTable,
  now: () => number,
  id: string,
  change: CaseChange,
  lease?: Lease,
): Promise<Case> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const item = await table.read(at.case(id));
    if (!item) throw new CaseNotFound(id);
    const current = readItem("case", item.value);
    // Past its time but taken by nobody else, it still keeps others' writes out.
    if (lease && current.lease?.token !== lease.token) throw new LeaseLost(id);
    const changed = change(current);
    if (changed === null) return current;
    const next = CaseSchema.parse({ ...changed, updated_at: now() });
    const value = JSON.stringify(next);
    if (await table.write([{ kind: "replace", item: { ...item, value }, version: item.version }])) return next;
  }
  throw new StoreUnavailable(`case ${id} was changed by others ${MAX_TRIES} times; ask again`);
}

/** What could not be carried out, since the draft had moved or the like, stands in nobody's way. */
export const isRefused = ({ carried_out_at: at, result }: CaseDecision): boolean => at === null && result !== null;

/** Records a decision unless a final one stands. The same one again, by its id, is the first. */
export function decided(current: Case, decision: CaseDecision, permits: (current: Case) => string | null): Case | null {
  if (current.decisions.some(({ id }) => id === decision.id)) return null;
  const final = current.decisions.find((one) => one.decision.verb !== "edit" && !isRefused(one));
  if (final) {
    const { by, verb, at: when } = final.decision;
    throw new DecisionRefused(`${by} decided already, at ${when}: ${verb}`);
  }
  const why = permits(current);
  if (why !== null) throw new DecisionRefused(why);
  return { ...current, decisions: [...current.decisions, decision] };
}
