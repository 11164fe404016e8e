import { type Catalog, formatDuration } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { HistoryQuestion, HistoryStore } from "../store.ts";

/** Without a service to look for, so many of the catalog are tried. */
const SERVICES_TRIED = 3;

interface Looking {
  readonly backend: string;
  readonly store: HistoryStore;
  readonly catalog: Catalog;
  now(): number;
}

/**
 * The newest incident of a known service and its age, found by the very statement that query_history runs: it also fails where
 * a column is missing. Throws what the store throws.
 */
export async function dataFinding(looking: Looking, options: ExamineOptions): Promise<Finding> {
  const { backend, store, catalog } = looking;
  const { signal, service } = options;
  const found = (status: Finding["status"], message: string, cure?: string): Finding => ({
    ...{ backend, check: "data", status, message },
    ...(cure === undefined ? {} : { cure }),
  });
  const now = looking.now();
  const services = service === undefined ? catalog.names.slice(0, SERVICES_TRIED) : [catalog.get(service).name];
  let searched = 0;
  for (const name of services) {
    const past = await store.past(questionAbout(name, now), { signal, progress: () => {} });
    searched = past.searched;
    if (past.statistics) {
      const age = formatDuration(now - past.statistics.lastAt);
      return found(
        "ok",
        `${name}'s newest incident is ${age} old; ${past.statistics.count} of it, ${past.searched} in all${unreadable(past.unreadable)}`,
      );
    }
    if (past.searched === 0) break;
  }
  if (searched === 0) {
    return found(
      "warning",
      `${store.name} has no incident`,
      "check that it is the right one, and its columns id and started_at",
    );
  }
  return found(
    "warning",
    `none of the ${searched} incidents is of ${services.join(", ")}`,
    "check that the column service holds the catalog's names",
  );
}

const unreadable = (rows: number) => (rows === 0 ? "" : `; ${rows} rows without an id or a readable started_at`);

const questionAbout = (service: string, now: number): HistoryQuestion => ({
  ...{ fingerprint: null, exact: false, alert: null, service, words: [], now, most: 1 },
});
