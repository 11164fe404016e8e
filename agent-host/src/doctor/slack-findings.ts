import { type Catalog, ConfigError } from "@oncall-copilot/core";
import type { Finding } from "@oncall-copilot/core/server";
import { readEnvironment } from "@oncall-copilot/core/server";
import { openApprovers } from "../decide/open-approvers.ts";
import { slackClient, slackError } from "../deliver/slack/client.ts";
import { readSlackSettings, SlackDoorVariables, type SlackSettings } from "../deliver/slack/settings.ts";
import { CHANNEL_ANNOTATION } from "../deliver/slack/slack-delivery.ts";

/** What each part of the app needs, as the README lists it. */
const NEEDED = ["chat:write", "channels:history", "channels:read"] as const;
const MAX_CHANNELS = 20;

type Check = Finding["check"];

const finding = (check: Check, status: Finding["status"], message: string, cure?: string): Finding => ({
  ...{ backend: "slack", check, status, message },
  ...(cure === undefined ? {} : { cure }),
});

/** Slack's token and its scopes, the channels, the signing secret, and who may decide. Writes nothing. */
export async function slackFindings(env: NodeJS.ProcessEnv, catalog: Catalog | null): Promise<readonly Finding[]> {
  let settings: SlackSettings | null;
  try {
    settings = readSlackSettings(env);
  } catch (error) {
    if (error instanceof ConfigError) return [finding("configured", "failure", error.message)];
    throw error;
  }
  if (!settings) return [];
  return [...(await appFindings(settings, env, catalog)), doorFinding(env), approverFinding(env)];
}

async function appFindings(
  settings: SlackSettings,
  env: NodeJS.ProcessEnv,
  catalog: Catalog | null,
): Promise<readonly Finding[]> {
  const slack = await slackClient({ token: settings.token, apiUrl: settings.apiUrl, for: "delivery" });
  let scopes: readonly string[];
  let team: string;
  try {
    const told = await slack.auth.test();
    scopes = told.response_metadata?.scopes ?? [];
    team = `${told.team ?? "a workspace"} as ${told.user ?? "an app"}`;
  } catch (error) {
    const said = slackError(error) ?? (error instanceof Error ? error.message : String(error));
    return [
      finding("authenticated", "failure", `Slack does not take the bot token (${said})`, "set ONCALL_SLACK_BOT_TOKEN"),
    ];
  }
  const wanted = [
    ...NEEDED,
    ...(settings.chart ? ["files:write", "files:read"] : []),
    ...(env["ONCALL_APPROVERS_SLACK_GROUP"] ? ["usergroups:read"] : []),
    ...(env["ONCALL_APPROVERS_PAGERDUTY_SCHEDULE"] ? ["users:read", "users:read.email"] : []),
  ];
  const missing = wanted.filter((scope) => !scopes.includes(scope));
  const extra = scopes.filter((scope) => !ALLOWED.has(scope));
  const channels = channelsIn(settings, catalog);
  return [
    finding("authenticated", "ok", `${team}`),
    missing.length === 0
      ? finding("configured", "ok", `has the scopes ${wanted.join(", ")}`)
      : finding(
          "configured",
          "failure",
          `lacks the scopes ${missing.join(", ")}`,
          "add them and install the app again",
        ),
    extra.length === 0
      ? finding("privilege", "ok", "has no scope beyond those")
      : finding("privilege", "warning", `may do more than it needs: ${extra.join(", ")}`, "take these scopes away"),
    ...(channels.length === 0
      ? [
          finding(
            "configured",
            "failure",
            "there is no channel",
            `set ONCALL_SLACK_CHANNEL or annotate services with ${CHANNEL_ANNOTATION}`,
          ),
        ]
      : await Promise.all(channels.slice(0, MAX_CHANNELS).map((channel) => channelFinding(slack, channel)))),
  ];
}

const ALLOWED = new Set<string>([
  ...NEEDED,
  ...[
    "groups:history",
    "groups:read",
    "files:write",
    "files:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
  ],
]);

function channelsIn(settings: SlackSettings, catalog: Catalog | null): string[] {
  const own = catalog?.entries().map(({ annotations }) => annotations[CHANNEL_ANNOTATION]?.trim() ?? "") ?? [];
  return [...new Set([settings.channel ?? "", ...own])].filter((one) => one !== "");
}

async function channelFinding(slack: Awaited<ReturnType<typeof slackClient>>, channel: string): Promise<Finding> {
  try {
    const { channel: told } = await slack.conversations.info({ channel });
    if (told?.is_member) return finding("reachable", "ok", `is in the channel ${channel}`);
    return finding("reachable", "failure", `is not in the channel ${channel}`, "invite the app there: /invite");
  } catch (error) {
    const said = slackError(error) ?? "no answer";
    return finding(
      "reachable",
      "failure",
      `cannot see the channel ${channel} (${said})`,
      "check its id, and invite the app there",
    );
  }
}

function doorFinding(env: NodeJS.ProcessEnv): Finding {
  const { ONCALL_SLACK_SIGNING_SECRET: secret } = readEnvironment(SlackDoorVariables, env);
  if (secret) return finding("configured", "ok", "the signing secret is set, so that clicks can be taken");
  return finding(
    "configured",
    "warning",
    "no signing secret is set here: no click is taken by this process",
    "set ONCALL_SLACK_SIGNING_SECRET where clicks arrive",
  );
}

function approverFinding(env: NodeJS.ProcessEnv): Finding {
  try {
    const { list, group, schedule } = openApprovers(env, null);
    const named = [
      ...(list.length > 0 ? [`${list.length} people by ONCALL_APPROVERS`] : []),
      ...(group ? [`the user group ${group}`] : []),
      ...(schedule ? [`whoever is on call by ${schedule.id}`] : []),
    ];
    if (named.length > 0) return finding("configured", "ok", `may decide: ${named.join(", ")}`);
    return finding(
      "configured",
      "warning",
      "nobody may decide: every click is refused",
      "name who may in ONCALL_APPROVERS, ONCALL_APPROVERS_SLACK_GROUP or ONCALL_APPROVERS_PAGERDUTY_SCHEDULE",
    );
  } catch (error) {
    if (error instanceof ConfigError) return finding("configured", "failure", error.message);
    throw error;
  }
}
