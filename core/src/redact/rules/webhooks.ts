import type { KeywordRule } from "../public-rules/rules.ts";
import { pattern } from "../rule.ts";

const AROUND = [60, 700] as const;
const webhook = (kind: string, keyword: string, source: string): KeywordRule => ({
  keywords: [keyword],
  around: AROUND,
  rule: pattern(kind, new RegExp(source, "dgi")),
});

/** Addresses that let whoever has them post to a team's chat or start its automation. The host stays, the part that admits goes. */
export const webhooks: readonly KeywordRule[] = [
  webhook(
    "slack-webhook",
    "hooks.slack",
    String.raw`hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?<secret>[\w/%-]{20,200})`,
  ),
  webhook(
    "discord-webhook",
    "/webhooks/",
    String.raw`discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/(?<secret>\d{5,25}/[\w-]{20,200})`,
  ),
  webhook(
    "teams-webhook",
    ".office.com/webhook",
    String.raw`\.office\.com/webhookb?2?/(?<secret>[\w@-]{20,200}(?:/[\w-]{3,80}){0,4})`,
  ),
  webhook(
    "teams-webhook",
    ".logic.azure.com",
    String.raw`\.logic\.azure\.com(?::443)?/[^\s"'<>]{1,300}[?&]sig=(?<secret>[\w%-]{20,200})`,
  ),
  webhook(
    "google-chat-webhook",
    "chat.googleapis.com",
    String.raw`chat\.googleapis\.com/v1/spaces/[^\s"'<>?]{1,100}\?(?<secret>[^\s"'<>]{20,400})`,
  ),
  webhook("mattermost-webhook", "/hooks/", String.raw`/hooks/(?<secret>(?=[a-z]{0,25}\d)[a-z0-9]{26})(?![A-Za-z0-9])`),
  webhook("chat-webhook", "open-apis/bot", String.raw`/open-apis/bot/(?:v2/)?hook/(?<secret>[0-9a-f-]{30,40})`),
  webhook(
    "chat-webhook",
    "oapi.dingtalk.com",
    String.raw`oapi\.dingtalk\.com/robot/send\?access_token=(?<secret>[\w-]{20,100})`,
  ),
  webhook(
    "chat-webhook",
    "webhook/send",
    String.raw`qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?<secret>[\w-]{20,80})`,
  ),
  webhook("zapier-webhook", "hooks.zapier", String.raw`hooks\.zapier\.com/hooks/catch/(?<secret>\d{3,12}/[\w/]{4,60})`),
  webhook(
    "ifttt-webhook",
    "maker.ifttt",
    String.raw`maker\.ifttt\.com/trigger/[\w-]{1,60}/(?:json/)?with/key/(?<secret>[\w-]{15,80})`,
  ),
  webhook(
    "pagerduty-webhook",
    "events.pagerduty.com/integration",
    String.raw`/integration/(?<secret>[0-9a-f]{32})/enqueue`,
  ),
  webhook("opsgenie-key", "geniekey", String.raw`GenieKey\s{1,4}(?<secret>[0-9a-f-]{30,40})`),
];
