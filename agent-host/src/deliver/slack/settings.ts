import type { Secret } from "@oncall-copilot/core";
import { commaSeparated, webAddress } from "@oncall-copilot/core/backend";
import { readEnvironment, secret } from "@oncall-copilot/core/server";
import { z } from "zod";

const channel = () => z.string().regex(/^[CGD][A-Z0-9]{4,30}$/, { error: "takes a channel's id, such as C0123ABCDEF" });

/** What posts and changes messages reads. It holds no signing secret. */
export const SlackVariables = z.object({
  ONCALL_SLACK_BOT_TOKEN: secret().optional().describe("the app's bot token (xoxb-...)"),
  ONCALL_SLACK_CHANNEL: channel().optional().describe("id of the channel for services without one of their own"),
  ONCALL_SLACK_API_URL: webAddress().default("https://slack.com/api/").describe("address of Slack's Web API"),
  ONCALL_SLACK_ALERT_THREADS: z
    .enum(["on", "off"])
    .default("off")
    .describe("on: answer in the thread of the alert that Alertmanager posted; needs channels:history"),
  ONCALL_SLACK_CHART: z
    .enum(["on", "off"])
    .default("on")
    .describe("on: a picture of the deciding signal; needs files:write"),
});

/** What takes clicks reads besides. It holds no credential of GitHub's. */
export const SlackDoorVariables = z.object({
  ONCALL_SLACK_SIGNING_SECRET: secret()
    .optional()
    .describe("the app's signing secret, to know that a request is Slack's"),
});

/** Who may decide. Nobody, where none is set. */
export const ApproverVariables = z.object({
  ONCALL_APPROVERS: z
    .string()
    .transform(commaSeparated)
    .default([])
    .describe("who may decide, comma-separated: ids of Slack members (U0123ABCD), and names at the shell (shell:ada)"),
  ONCALL_APPROVERS_SLACK_GROUP: z
    .string()
    .regex(/^S[A-Z0-9]{4,30}$/, { error: "takes a user group's id, such as S0123ABCD" })
    .optional()
    .describe("a Slack user group whose members may decide; needs usergroups:read"),
  ONCALL_APPROVERS_PAGERDUTY_SCHEDULE: z
    .string()
    .regex(/^P[A-Z0-9]{4,30}$/, { error: "takes a schedule's id, such as PI7DH85" })
    .optional()
    .describe("a PagerDuty schedule: whoever is on call may decide; needs users:read.email"),
  ONCALL_PAGERDUTY_TOKEN: secret().optional().describe("a read-only API key of PagerDuty's"),
  ONCALL_PAGERDUTY_URL: webAddress().default("https://api.pagerduty.com").describe("address of PagerDuty's API"),
});

export interface SlackSettings {
  readonly token: Secret;
  readonly apiUrl: string;
  readonly channel: string | null;
  readonly alertThreads: boolean;
  readonly chart: boolean;
}

/** Null where Slack is not configured. @throws ConfigError */
export function readSlackSettings(env: NodeJS.ProcessEnv): SlackSettings | null {
  const read = readEnvironment(SlackVariables, env);
  if (!read.ONCALL_SLACK_BOT_TOKEN) return null;
  return {
    token: read.ONCALL_SLACK_BOT_TOKEN,
    apiUrl: read.ONCALL_SLACK_API_URL,
    channel: read.ONCALL_SLACK_CHANNEL ?? null,
    alertThreads: read.ONCALL_SLACK_ALERT_THREADS === "on",
    chart: read.ONCALL_SLACK_CHART === "on",
  };
}
