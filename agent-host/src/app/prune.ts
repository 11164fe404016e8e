import { readEnvironment } from "@oncall-copilot/core/server";
import type { CaseStore } from "../cases/case-store.ts";
import { pruneWork } from "../cases/prune-work.ts";
import { WorkVariables } from "./case-work.ts";

const DAY_MS = 24 * 3_600_000;

export interface Pruned {
  /** Items of cases, alerts, reports and audit trails that were kept for long enough. */
  readonly items: number;
  /** Cases whose clones and local forks went. */
  readonly folders: readonly string[];
}

/** Removes what has been kept for as long as it was to be: everything of old cases, and the work folders of those that ended. */
export async function prune(
  env: NodeJS.ProcessEnv,
  cases: Pick<CaseStore, "find" | "prune">,
  now: number = Date.now(),
): Promise<Pruned> {
  const read = readEnvironment(WorkVariables, env);
  const items = await cases.prune();
  const keepMs = read.ONCALL_KEEP_WORK_DAYS * DAY_MS;
  const folders = await pruneWork({ folder: read.ONCALL_WORK_DIR, find: (id) => cases.find(id), keepMs, now });
  return { items, folders };
}

/** Again each day, in a process that stays; what fails is told and tried again the next day. */
export function pruneDaily(env: NodeJS.ProcessEnv, cases: CaseStore, failed: (why: string) => void): () => void {
  const timer = setInterval(() => {
    prune(env, cases).catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)));
  }, DAY_MS).unref();
  return () => clearInterval(timer);
}
