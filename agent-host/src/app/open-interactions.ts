import type { Logger } from "@oncall-copilot/core";
import { readEnvironment } from "@oncall-copilot/core/server";
import type { CaseStore } from "../cases/case-store.ts";
import { openApprovers } from "../decide/open-approvers.ts";
import { slackClient } from "../deliver/slack/client.ts";
import { handleInteraction, type InteractionResponse } from "../deliver/slack/interactions.ts";
import { slackPeople } from "../deliver/slack/people.ts";
import { readSlackSettings, SlackDoorVariables } from "../deliver/slack/settings.ts";

export interface InteractionWish {
  readonly env: NodeJS.ProcessEnv;
  readonly cases: CaseStore;
  /** Has somebody work on the case now. */
  wake(caseId: string): Promise<void>;
  readonly log: Logger;
}

type Interactions = (
  rawBody: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
) => Promise<InteractionResponse>;

/** The handler of clicks, where Slack and its signing secret are configured. @throws ConfigError */
export function openInteractions({ env, cases, wake, log }: InteractionWish): { readonly interactions?: Interactions } {
  const slack = readSlackSettings(env);
  const { ONCALL_SLACK_SIGNING_SECRET: signingSecret } = readEnvironment(SlackDoorVariables, env);
  if (!slack || !signingSecret) return {};
  // Loaded before the first click, which has three seconds.
  const client = slackClient({ token: slack.token, apiUrl: slack.apiUrl, for: "door" });
  const web = () => client;
  const approvers = openApprovers(env, slackPeople(web));
  const ports = { cases, signingSecret, slack: web, approvers, wake, now: Date.now, log };
  return { interactions: (rawBody, headers) => handleInteraction(rawBody, headers, ports) };
}
