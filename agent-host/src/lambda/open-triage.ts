import { randomUUID } from "node:crypto";
import { type Logger, loadEvidenceKey } from "@oncall-copilot/core";
import { openCaseWork } from "../app/case-work.ts";
import { catalogOf } from "../app/moment.ts";
import { openCases } from "../app/open-cases.ts";
import { openCatalogAt } from "../app/open-catalog.ts";
import { openChartSource } from "../app/open-chart.ts";
import { readSettings } from "../app/settings.ts";
import { workOnCase } from "../cases/work/work-on-case.ts";
import { openDelivery } from "../deliver/open-delivery.ts";
import type { TriagePorts } from "../doors/lambda/triage-handler.ts";
import { fillSecrets } from "./fill-secrets.ts";
import { refuseForeign } from "./foreign-variables.ts";
import { openWakeUps } from "./open-wake-ups.ts";

/** What holds in Lambda unless something else is set: servers in the function's own process, and the one folder that can be written to. */
const IN_LAMBDA = { ONCALL_TRANSPORT: "in-process", ONCALL_WORK_DIR: "/tmp/oncall-work", HOME: "/tmp" } as const;

/** @throws ConfigError that names the variable that is wrong, missing or another function's */
export async function openTriage(given: NodeJS.ProcessEnv, log: Logger): Promise<TriagePorts> {
  refuseForeign("triage", given);
  const env = await fillSecrets({ ...IN_LAMBDA, ...given });
  const settings = readSettings(env);
  const catalog = await openCatalogAt(await catalogOf(settings), env);
  const [cases, wakeUps] = await Promise.all([openCases(env, catalog), openWakeUps(env)]);
  const charts = openChartSource({ settings, key: await loadEvidenceKey(env) });
  const delivery = openDelivery(env, catalog, charts.source);
  // Lambda ends a function without a word; what it held is another's when its lease is over.
  const { signal } = new AbortController();
  const { parts } = await openCaseWork({ settings, catalog, cases, delivery, metrics: null, log, signal });
  // Machines of Lambda's share host names and process ids.
  const worker = `lambda:${randomUUID()}`;
  return { work: (caseId) => workOnCase({ ...parts, worker }, caseId), wake: wakeUps.wake };
}
