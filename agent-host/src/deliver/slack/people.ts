import type { WebClient } from "@slack/web-api";
import type { SlackPeople } from "../../decide/who-may.ts";

/** Who is in a group, and whose address a member has, as Slack says at this moment. */
export function slackPeople(client: () => Promise<WebClient>): SlackPeople {
  return {
    membersOf: async (usergroup) => (await (await client()).usergroups.users.list({ usergroup })).users ?? [],
    emailOf: async (user) => (await (await client()).users.info({ user })).user?.profile?.email ?? null,
  };
}
