import type { Catalog } from "@oncall-copilot/core";
import { alertsOfCase, incidentOfCase } from "./alerts.ts";
import type { Case } from "./case.ts";
import { type CaseStore, type ListOptions, StoreUnavailable } from "./case-store.ts";
import type { CaseTable } from "./case-table.ts";
import { caseTrailText, openCaseTrail } from "./case-trail.ts";
import { changeCase, decided } from "./change.ts";
import { claimAlert } from "./claim.ts";
import type { ClaimParts } from "./claim-parts.ts";
import { keepDocument, readDocument } from "./documents.ts";
import { dueCases, wakeCase } from "./due.ts";
import { at, readItem } from "./items.ts";
import { giveBackCase, LEASE_MS, renewLease, takeCase } from "./leases.ts";
import { openLedger } from "./ledger.ts";

const DAY_MS = 24 * 3_600_000;

export interface CaseStoreOptions {
  /** Whom an alert is about, and what could share its cause. */
  readonly catalog: Catalog;
  /** The mode of new cases of services whose catalog entry says none (`oncall/mode: live` or `shadow`). Default `live`. */
  readonly mode?: Case["mode"];
  /** Services that are live all the same, by names with `*`. Default none. */
  readonly live?: readonly string[];
  /** How many days everything about a case is kept. Default 400. */
  readonly keepDays?: number;
  /** Default `LEASE_MS`. */
  readonly leaseMs?: number;
  readonly now?: () => number;
}

/** Items that one round of pruning removes: a delivery that waits meanwhile does not wait long. */
const MAX_REMOVED = 1_000;
const LIST_LIMIT = 50;

/** The case store over a table, the same whichever that is. */
export function openCaseStore(table: CaseTable, options: CaseStoreOptions): CaseStore {
  const { catalog, mode = "live", live = [], keepDays = 400, leaseMs = LEASE_MS, now = Date.now } = options;
  const keepMs = keepDays * DAY_MS;
  const parts: ClaimParts = { table, catalog, now, mode, live, keepMs, alone: oneAtATime() };
  const find: CaseStore["find"] = async (id) => {
    const item = await table.read(at.case(id));
    return item ? readItem("case", item.value) : null;
  };
  return {
    name: table.name,
    claim: (incident, claimOptions = {}) => claimAlert(parts, incident, claimOptions),
    find,
    list: (listOptions = {}) => listCases(table, find, listOptions),
    due: () => dueCases(table),
    alertsOf: (id) => alertsOfCase(table, id),
    incidentOf: (id) => incidentOfCase(table, catalog, id),
    take: (id, worker) => takeCase(table, now, id, worker, leaseMs),
    renew: (lease) => renewLease(table, now, lease, leaseMs),
    giveBack: (lease, dueAt) => giveBackCase(table, now, lease, dueAt),
    change: (id, change, lease) => changeCase(table, now, id, change, lease),
    wake: (id, dueAt) => wakeCase(table, id, dueAt),
    decide: async (id, decision, permits = () => null) => {
      const changed = await changeCase(table, now, id, (current) => decided(current, decision, permits));
      await wakeCase(table, id, now());
      return changed;
    },
    keepDocument: (id, text) => keepDocument(table, id, text, now() + keepMs),
    document: (id, ref) => readDocument(table, id, ref),
    once: (key, forMs) =>
      table.write([{ kind: "create", item: { ...at.once(key), value: "{}", expiresAt: now() + forMs } }]),
    trail: async (id) => openCaseTrail(table, id, ((await find(id))?.opened_at ?? now()) + keepMs),
    trailText: (id) => caseTrailText(table, id),
    ledger: openLedger(table, now),
    prune: async () => {
      for (let removed = 0; ; ) {
        const round = await table.removeExpired(MAX_REMOVED);
        removed += round;
        if (round < MAX_REMOVED) return removed;
      }
    },
    close: () => table.close(),
  };
}

async function listCases(
  table: CaseTable,
  find: CaseStore["find"],
  { state, before, limit = LIST_LIMIT }: ListOptions,
): Promise<readonly Case[]> {
  const found: Case[] = [];
  let below = before === undefined ? undefined : at.listedBefore(before);
  while (found.length < limit) {
    const page = await table.range(at.listed(0, "").partition, {
      ...{ descending: true, limit },
      ...(below === undefined ? {} : { below }),
    });
    const cases = await Promise.all(page.map(({ value }) => find((JSON.parse(value) as { id: string }).id)));
    found.push(...cases.filter((one) => one !== null).filter((one) => state === undefined || one.state === state));
    below = page.at(-1)?.sort;
    if (page.length < limit) break;
  }
  return found.slice(0, limit);
}

/** What waits for its turn in this process. */
const MAX_WAITING = 5_000;

function oneAtATime(): ClaimParts["alone"] {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (work) => {
    if (waiting >= MAX_WAITING) throw new StoreUnavailable("too many alerts wait to be claimed; deliver it again");
    waiting++;
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      waiting--;
    }
  };
}
