import { type Catalog, ConfigError } from "@oncall-copilot/core";
import { webAddress } from "@oncall-copilot/core/backend";
import { readEnvironment, secret } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { CaseDelivery } from "./case-delivery.ts";
import type { ChartSource } from "./slack/chart-reply.ts";
import { readSlackSettings } from "./slack/settings.ts";
import { slackDelivery } from "./slack/slack-delivery.ts";
import { webhookDelivery } from "./webhook/webhook-delivery.ts";

export const WebhookVariables = z.object({
  ONCALL_WEBHOOK_URL: webAddress().optional().describe("where the message of each case goes, in place of Slack"),
  ONCALL_WEBHOOK_SECRET: secret().optional().describe("signs it: whsec_ and a key in base64 (Standard Webhooks)"),
});

const TIMEOUT_MS = 10_000;

/** Where the message of each case goes; null where nothing is configured. @throws ConfigError */
export function openDelivery(env: NodeJS.ProcessEnv, catalog: Catalog, chart?: ChartSource): CaseDelivery | null {
  const slack = readSlackSettings(env);
  const { ONCALL_WEBHOOK_URL: url, ONCALL_WEBHOOK_SECRET: key } = readEnvironment(WebhookVariables, env);
  if (slack && url) throw new ConfigError("set ONCALL_SLACK_BOT_TOKEN or ONCALL_WEBHOOK_URL: a case has one message");
  if (slack) return slackDelivery({ settings: slack, catalog, ...(chart && slack.chart ? { chart } : {}) });
  if (!url) return null;
  if (!key)
    throw new ConfigError("ONCALL_WEBHOOK_URL needs ONCALL_WEBHOOK_SECRET: what is not signed could be anyone's");
  return webhookDelivery({ url, secret: key, timeoutMs: TIMEOUT_MS });
}
