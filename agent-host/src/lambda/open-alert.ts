import { catalogOf } from "../app/moment.ts";
import { openCases } from "../app/open-cases.ts";
import { openCatalogAt } from "../app/open-catalog.ts";
import { readSettings } from "../app/settings.ts";
import type { IntakePorts } from "../intake/take-in.ts";
import { refuseForeign } from "./foreign-variables.ts";
import { openWakeUps } from "./open-wake-ups.ts";

/** @throws ConfigError that names the variable that is wrong, missing or another function's */
export async function openAlert(env: NodeJS.ProcessEnv): Promise<IntakePorts> {
  refuseForeign("alert", env);
  const catalog = await openCatalogAt(await catalogOf(readSettings(env)), env);
  const [cases, { wake }] = await Promise.all([openCases(env, catalog), openWakeUps(env)]);
  return { cases, wake };
}
