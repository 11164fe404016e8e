import type { CaseTable } from "./case-table.ts";

const HOUR_MS = 3_600_000;

/** What one look used. */
export interface Spending {
  readonly tokens: number;
  /** Null when the model's price is not known. */
  readonly dollars: number | null;
}

/** What the looks of the last hour used, and whose turn it is with the model: shared by all processes. */
export interface Ledger {
  /** Once for each look, however often it is said. `beganAt` is the look's, in epoch milliseconds. */
  record(caseId: string, beganAt: number, spending: Spending): Promise<void>;
  lastHour(): Promise<{ readonly tokens: number; readonly dollars: number }>;
  /**
   * One of so many places at the model, until it is given back or the instant has passed; a case that holds one keeps it.
   *
   * @returns what gives it back; null when all are taken.
   */
  takePlace(places: number, caseId: string, until: number): Promise<(() => Promise<void>) | null>;
}

const time = (at: number): string => String(at).padStart(15, "0");

export function openLedger(table: CaseTable, now: () => number): Ledger {
  return {
    record: async (caseId, beganAt, spending) => {
      const key = { partition: "spent", sort: `${time(beganAt)}#${caseId}` };
      const item = { ...key, value: JSON.stringify(spending), expiresAt: beganAt + 2 * HOUR_MS };
      await table.write([{ kind: "put", item }]);
    },
    lastHour: async () => {
      const items = await table.range("spent", { from: time(now() - HOUR_MS) });
      const all = items.map(({ value }) => JSON.parse(value) as Spending);
      return {
        tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
        dollars: all.reduce((sum, { dollars }) => sum + (dollars ?? 0), 0),
      };
    },
    takePlace: async (places, caseId, until) => {
      const keys = Array.from({ length: places }, (_, index) => ({ partition: "places", sort: String(index) }));
      const held = await table.range("places");
      const own = held.find(({ value }) => value === caseId);
      if (own) {
        await table.write([{ kind: "replace", item: { ...own, expiresAt: until }, version: own.version }]);
        return giveBack(own.sort);
      }
      for (const key of keys) {
        if (held.some(({ sort }) => sort === key.sort)) continue;
        if (await table.write([{ kind: "create", item: { ...key, value: caseId, expiresAt: until } }]))
          return giveBack(key.sort);
      }
      return null;

      function giveBack(sort: string) {
        return async () => {
          const item = await table.read({ partition: "places", sort });
          if (item?.value === caseId) await table.write([{ kind: "remove", key: item, version: item.version }]);
        };
      }
    },
  };
}
