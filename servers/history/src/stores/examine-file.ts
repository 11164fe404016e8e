import { CouldNotLook } from "@oncall-copilot/core";
import type { Estate, ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { HistoryStore } from "../store.ts";
import { dataFinding } from "./data-finding.ts";

/**
 * A file's check-up: it can be read, and holds incidents of a known service. It cannot be written to, so that privilege is not
 * asked. It is not loaded for a start in the background: a large one takes seconds and memory.
 */
export async function examineFile(
  store: HistoryStore,
  { catalog, now }: Estate,
  options: ExamineOptions,
): Promise<readonly Finding[]> {
  const backend = `file ${store.name}`;
  if (!options.mayWake) return [{ backend, check: "configured", status: "ok", message: "is there; it was not read" }];
  try {
    const data = await dataFinding({ backend, store, catalog, now }, options);
    return [{ backend, check: "reachable", status: "ok", message: "can be read" }, data];
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return [{ backend, check: "reachable", status: "failure", message: error.message }];
  }
}
