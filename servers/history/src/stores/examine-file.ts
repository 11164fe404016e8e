import { CouldNotLook, type Estate, type ExamineOptions, type Finding } from "@oncall-copilot/core";
import type { HistoryStore } from "../store.ts";
import { dataFinding } from "./data-finding.ts";

/** A file's check-up: it can be read, and holds incidents of a known service. It cannot be written to: no more is asked. */
export async function examineFile(
  store: HistoryStore,
  estate: Estate,
  options: ExamineOptions,
): Promise<readonly Finding[]> {
  const backend = `file ${store.name}`;
  try {
    const data = await dataFinding({ backend, store, catalog: estate.catalog, now: estate.now }, options);
    return [{ backend, check: "reachable", status: "ok", message: "can be read" }, data];
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return [{ backend, check: "reachable", status: "failure", message: error.message }];
  }
}
