import { ConfigError } from "@oncall-copilot/core";
import { readEnvironment } from "@oncall-copilot/core/server";
import { ApproverVariables } from "../deliver/slack/settings.ts";
import { pagerDuty } from "./pagerduty.ts";
import type { Approvers, SlackPeople } from "./who-may.ts";

/** Who may decide, by the environment. @throws ConfigError */
export function openApprovers(env: NodeJS.ProcessEnv, people: SlackPeople | null): Approvers {
  const read = readEnvironment(ApproverVariables, env);
  const { ONCALL_APPROVERS_PAGERDUTY_SCHEDULE: id, ONCALL_PAGERDUTY_TOKEN: token } = read;
  if (id !== undefined && token === undefined) {
    throw new ConfigError("ONCALL_APPROVERS_PAGERDUTY_SCHEDULE needs ONCALL_PAGERDUTY_TOKEN, a read-only API key");
  }
  return {
    list: read.ONCALL_APPROVERS,
    group: read.ONCALL_APPROVERS_SLACK_GROUP ?? null,
    schedule: id && token ? { id, pagerDuty: pagerDuty({ url: read.ONCALL_PAGERDUTY_URL, token }) } : null,
    people,
  };
}
