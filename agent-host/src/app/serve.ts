import { createLogger, type Logger, loadCatalog } from "@oncall-copilot/core";
import { commonVariables, readEnvironment } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { CaseStore } from "../cases/case-store.ts";
import type { CaseWorker } from "../doors/case-worker.ts";
import { readDoors } from "../doors/door-settings.ts";
import { type ServingDoors, serveDoors } from "../doors/http/serve-doors.ts";
import type { HeadlessMetrics } from "../doors/metrics.ts";
import { prometheusMetrics } from "../doors/prometheus-metrics.ts";
import { catalogOf } from "./moment.ts";
import { openCases } from "./open-cases.ts";
import type { Settings } from "./settings.ts";

export interface WorkerParts {
  readonly cases: CaseStore;
  readonly settings: Settings;
  readonly metrics: HeadlessMetrics;
  readonly log: Logger;
}

/** Alerts are kept, and whoever works on the cases does so in another process. */
export const openNoWorker = async ({ log }: WorkerParts): Promise<CaseWorker> => {
  log.warn({}, "nobody in this process looks at cases: alerts are kept for one that does");
  return { wake: async () => {}, stop: async () => {} };
};

export interface Serving {
  readonly url: string;
  /** No new alert is let in; what is in hand is finished or handed back. */
  stop(): Promise<void>;
}

/**
 * The doors, the cases and whoever works on them, in one process. The doors open last and close first.
 *
 * @throws ConfigError when no door has a credential, or the cases cannot be opened
 */
export async function serve(
  settings: Settings,
  openWorker: (parts: WorkerParts) => Promise<CaseWorker>,
): Promise<Serving> {
  const { env } = settings;
  const { ONCALL_LOG_LEVEL: level } = readEnvironment(
    z.object({ ONCALL_LOG_LEVEL: commonVariables.ONCALL_LOG_LEVEL }),
    env,
  );
  const log = createLogger("oncall", level);
  const doorSettings = readDoors(env);
  const catalog = await loadCatalog(await catalogOf(settings));
  const cases = await openCases(env, catalog);
  const metrics = prometheusMetrics(cases);
  const worker = await openWorker({ cases, settings, metrics, log });
  const opened: ServingDoors = await serveDoors({
    ...doorSettings,
    intake: { cases, wake: (caseId, at) => worker.wake(caseId, at) },
    metrics,
    ready: async () => void (await cases.due()),
    log,
  }).catch(async (error: unknown) => {
    await worker.stop();
    await cases.close();
    throw error;
  });
  return {
    url: opened.url,
    stop: async () => {
      await opened.close();
      await worker.stop();
      await cases.close();
    },
  };
}
