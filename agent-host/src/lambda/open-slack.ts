import { ConfigError, catalogFromDocuments, type Logger } from "@oncall-copilot/core";
import { openCases } from "../app/open-cases.ts";
import { openInteractions } from "../app/open-interactions.ts";
import type { SlackPorts } from "../doors/lambda/slack-handler.ts";
import { fillSecrets } from "./fill-secrets.ts";
import { refuseForeign } from "./foreign-variables.ts";
import { openWakeUps } from "./open-wake-ups.ts";

/** @throws ConfigError that names the variable that is wrong, missing or another function's */
export async function openSlack(given: NodeJS.ProcessEnv, log: Logger): Promise<SlackPorts> {
  refuseForeign("slack", given);
  const env = await fillSecrets(given);
  // It claims no alert, so it asks the catalog nothing.
  const [cases, { wake }] = await Promise.all([openCases(env, catalogFromDocuments([], "none")), openWakeUps(env)]);
  const { interactions } = openInteractions({ env, cases, wake: (caseId) => wake(caseId, Date.now()), log });
  if (!interactions)
    throw new ConfigError("the slack function needs ONCALL_SLACK_BOT_TOKEN and ONCALL_SLACK_SIGNING_SECRET");
  return { interactions };
}
