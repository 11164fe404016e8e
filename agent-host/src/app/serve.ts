import { join, resolve } from "node:path";
import { createLogger, loadEvidenceKey } from "@oncall-copilot/core";
import { commonVariables, readEnvironment } from "@oncall-copilot/core/server";
import { z } from "zod";
import { startCaseLoop } from "../cases/work/case-loop.ts";
import { folderDelivery } from "../deliver/folder-delivery.ts";
import { openDelivery } from "../deliver/open-delivery.ts";
import { readDoors } from "../doors/door-settings.ts";
import { serveDoors } from "../doors/http/serve-doors.ts";
import { prometheusMetrics } from "../doors/prometheus-metrics.ts";
import { type CasesFile, casesFile } from "../learn/cases-file.ts";
import { openCaseWork, WorkVariables } from "./case-work.ts";
import { catalogOf } from "./moment.ts";
import { openCases } from "./open-cases.ts";
import { openCatalogAt } from "./open-catalog.ts";
import { openChartSource } from "./open-chart.ts";
import { openInteractions } from "./open-interactions.ts";
import { prune, pruneDaily } from "./prune.ts";
import type { Settings } from "./settings.ts";

export interface Serving {
  readonly url: string;
  /** No new alert is let in; what is in hand is finished or handed back. */
  stop(): Promise<void>;
}

const LogVariables = z.object({ ONCALL_LOG_LEVEL: commonVariables.ONCALL_LOG_LEVEL });

/**
 * The doors, the cases and whoever works on them, in one process. The doors open last and close first.
 *
 * @throws ConfigError when no door has a credential, or the cases cannot be opened
 */
export async function serve(settings: Settings): Promise<Serving> {
  const { env } = settings;
  const log = createLogger("oncall", readEnvironment(LogVariables, env).ONCALL_LOG_LEVEL);
  const doorSettings = readDoors(env);
  const catalog = await openCatalogAt(await catalogOf(settings), env);
  const cases = await openCases(env, catalog);
  await prune(env, cases);
  const stopPruning = pruneDaily(env, cases, (why) =>
    log.warn({ "error.message": why }, "old cases could not be pruned"),
  );
  const metrics = prometheusMetrics(cases);
  const ending = new AbortController();
  const messages = join(readEnvironment(WorkVariables, env).ONCALL_WORK_DIR, "messages");
  const charts = openChartSource({ settings, key: await loadEvidenceKey(env) });
  const delivery = openDelivery(env, catalog, charts.source) ?? folderDelivery(messages);
  const working = withPast(settings);
  const work = await openCaseWork({ ...working, catalog, cases, delivery, metrics, log, signal: ending.signal });
  const loop = startCaseLoop(work.parts, work.casesAtOnce);
  const endWork = async () => {
    stopPruning();
    ending.abort(new Error("the process is ending"));
    await loop.ended();
    await work.close();
    await charts.close();
    await cases.close();
  };
  const doors = await serveDoors({
    ...doorSettings,
    intake: { cases, wake: async () => loop.poke() },
    ...openInteractions({ env, cases, wake: async () => loop.poke(), log }),
    metrics,
    ready: async () => void (await cases.due()),
    log,
  }).catch(async (error: unknown) => {
    await endWork();
    throw error;
  });
  return {
    url: doors.url,
    stop: async () => {
      await doors.close();
      await endWork();
    },
  };
}

/** The team's own cases are read beside its history, out of a file that this process keeps; a recording has its own past alone. */
function withPast(settings: Settings): { readonly past?: CasesFile; readonly settings: Settings } {
  const { env, recording } = settings;
  // A Parquet file is made by an export: it is read, and not kept by this process.
  if (recording !== null || env["ONCALL_HISTORY_CASES"]?.endsWith(".parquet")) return { settings };
  const folder = readEnvironment(WorkVariables, env).ONCALL_WORK_DIR;
  const path = resolve(env["ONCALL_HISTORY_CASES"] ?? join(folder, "history", "cases.ndjson"));
  return { past: casesFile(path), settings: { ...settings, env: { ...env, ONCALL_HISTORY_CASES: path } } };
}
