import { Catalog } from "@oncall-copilot/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { slackFindings } from "../../../agent-host/src/doctor/slack-findings.ts";
import { closeServers } from "../../support/http/server.ts";
import { type SlackDouble, startSlack } from "../../support/slack/double.ts";

let slack: SlackDouble;
beforeEach(async () => {
  slack = await startSlack();
  slack.world.channel("C0DEFAULT");
});
afterEach(async () => {
  expect(slack.problems).toEqual([]);
  await closeServers();
});

const none = new Catalog(() => ({ entries: [], dangling: [], problems: [] }));
const findings = async (more: Readonly<Record<string, string>> = {}) => {
  const env = {
    ONCALL_SLACK_BOT_TOKEN: slack.world.token,
    ONCALL_SLACK_API_URL: slack.url,
    ONCALL_SLACK_CHANNEL: "C0DEFAULT",
    ...more,
  };
  return (await slackFindings(env, none)).map(({ status, message }) => `${status}: ${message}`);
};

it("says nothing of Slack where it is not configured", async () => {
  expect(await slackFindings({}, none)).toEqual([]);
});

it("tells the workspace, the scopes, the channel, the signing secret and who may decide, and writes nothing", async () => {
  const told = await findings({ ONCALL_SLACK_SIGNING_SECRET: "s", ONCALL_APPROVERS: "U0ADA, U0BEN" });
  expect(told).toEqual([
    "ok: Northwind as oncall",
    "ok: has the scopes chat:write, channels:history, channels:read, files:write, files:read",
    "ok: has no scope beyond those",
    "ok: is in the channel C0DEFAULT",
    "ok: the signing secret is set, so that clicks can be taken",
    "ok: may decide: 2 people by ONCALL_APPROVERS",
  ]);
  expect(slack.called()).toEqual(["auth.test", "conversations.info"]);
});

it("finds missing and needless scopes, a channel that the app is not in, and that nobody may decide", async () => {
  slack.world.scopes = new Set(["chat:write", "channels:history", "channels:read", "files:read", "admin"]);
  slack.world.channel("C0OTHER", { member: false });
  const told = await findings({ ONCALL_SLACK_CHANNEL: "C0OTHER" });
  expect(told).toContain("failure: lacks the scopes files:write");
  expect(told).toContain("warning: may do more than it needs: admin");
  expect(told.some((one) => one.startsWith("failure: cannot see the channel C0OTHER"))).toBe(true);
  expect(told).toContain("warning: nobody may decide: every click is refused");
});

it("says that the token is not taken", async () => {
  expect((await findings({ ONCALL_SLACK_BOT_TOKEN: "xoxb-wrong" }))[0]).toBe(
    "failure: Slack does not take the bot token (invalid_auth)",
  );
});
